import { useId } from "react";
import type { Setting } from "@ws/rpc-contract";
import { Badge } from "../../../components/ui/badge.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { ProblemText } from "../../../components/problem-text.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { useServices } from "../../../services.ts";
import { SettingControl } from "./setting-control.tsx";
import { wordsOf } from "./setting-text.ts";

interface SettingRowProps {
  setting: Setting;
  onChanged: (setting: Setting) => void;
}

/** One setting: what it does, its control, where its value comes from, and what was wrong with the one that was tried. */
export function SettingRow({ setting, onChanged }: SettingRowProps) {
  const { client } = useServices();
  const id = useId();
  const { busy, problem, attempt } = useAttempt(nothing);
  const { key, description, source, restart, shadowedBy } = setting;

  const change = (asking: () => Promise<Setting>, done?: () => void) =>
    attempt(async () => {
      onChanged(await asking());
      done?.();
      return undefined;
    });
  return (
    <div className="space-y-2 px-4 py-3.5">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <h3 id={id} className="font-mono text-sm font-medium break-all">
          {key}
        </h3>
        {source !== "default" && <Badge tone="busy">{source === "file" ? "Changed" : "By the environment"}</Badge>}
        {restart && <Badge>At the next start</Badge>}
      </div>
      <p id={`${id}-about`} className="max-w-prose text-[0.8125rem] break-words text-muted">
        {withoutTicks(description)}
      </p>
      <SettingControl
        setting={setting}
        labelledBy={id}
        describedBy={`${id}-about ${id}-state`}
        busy={busy}
        invalid={problem !== undefined}
        save={(value, done) => change(() => client.config.settings.set({ key, value }), done)}
      />
      {problem !== undefined && (
        <div role="alert">
          <ProblemText problem={{ ...problem, next: problem.next === description ? undefined : problem.next }} />
        </div>
      )}
      <div
        id={`${id}-state`}
        className="flex min-h-6 flex-wrap items-center gap-x-3 gap-y-1 text-[0.8125rem] break-words text-muted"
      >
        <Source setting={setting} />
        {source === "file" && shadowedBy === undefined && (
          <Button
            variant="ghost"
            size="small"
            className="-my-1 text-accent"
            aria-label={`Back to the default of ${key}`}
            busy={busy}
            onClick={() => change(() => client.config.settings.unset({ key }))}
          >
            Back to the default
          </Button>
        )}
      </div>
    </div>
  );
}

function Source({ setting: { source, shadowedBy, secret, ...setting } }: { setting: Setting }) {
  if (source === "environment") {
    return (
      <span>
        Given by{" "}
        {shadowedBy === undefined ? "an option of the agent's start" : <code className="font-mono">{shadowedBy}</code>},
        which holds over the file and is changed where the agent is started.
      </span>
    );
  }
  if (source === "default") return <span>This is the default.</span>;
  return <span>From config.json.{secret !== true && ` The default is ${wordsOf(setting.default)}.`}</span>;
}

/** Descriptions mark names as in Markdown. */
function withoutTicks(text: string): string {
  return text.replaceAll("`", "");
}

const nothing = (): void => undefined;
