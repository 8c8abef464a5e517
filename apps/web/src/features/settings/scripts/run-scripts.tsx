import { useState } from "react";
import { OutputView } from "../../../components/output/output-view.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Row, Section } from "../../../components/ui/page.tsx";
import { Select } from "../../../components/ui/select.tsx";
import { useLive } from "../../../live/live-context.tsx";
import { useRun } from "./use-run.ts";

/** Runs the scripts again in a workspace, and shows what they say as they say it. */
export function RunScripts({ scripts }: { scripts: readonly string[] }) {
  const { workspaces } = useLive();
  const running = (workspaces ?? []).filter(({ status }) => status === "running").map(({ name }) => name);
  const [chosen, setChosen] = useState<string>();
  const [follow, setFollow] = useState(true);
  const run = useRun();
  const name = chosen !== undefined && running.includes(chosen) ? chosen : running[0];
  return (
    <Section title="Run now" description="In a workspace that runs, without starting it anew.">
      <Row
        label="Workspace"
        hint={
          running.length === 0
            ? "No workspace runs."
            : scripts.length === 0
              ? "No script is switched on."
              : "They end when this page is left."
        }
      >
        {name !== undefined && (
          <div className="w-44">
            <Select
              aria-label="Workspace"
              value={name}
              change={setChosen}
              disabled={run.isRunning}
              choices={running.map((one) => ({ value: one, label: one }))}
            />
          </div>
        )}
        {run.isRunning ? (
          <Button onClick={run.stop}>Stop</Button>
        ) : (
          <Button
            disabled={name === undefined || scripts.length === 0}
            onClick={() => {
              setFollow(true);
              if (name !== undefined) run.begin(name);
            }}
          >
            Run
          </Button>
        )}
      </Row>
      {run.output !== undefined && (
        <div>
          <p role="status" className={run.hasFailed ? "px-4 py-2 text-sm text-bad" : "px-4 py-2 text-sm text-muted"}>
            {run.said}
          </p>
          <OutputView
            label={`What the scripts say in ${run.name}`}
            output={run.output}
            follow={follow}
            setFollow={setFollow}
            className="h-64 rounded-b-xl"
          />
        </div>
      )}
    </Section>
  );
}
