import type { WorkspaceInfo } from "@ws/rpc-contract";
import { Activity } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { useKept } from "../../components/kept-context.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button } from "../../components/ui/button.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { SegmentedControl } from "../../components/ui/segmented.tsx";
import { UsageProvider } from "../../live/usage-context.tsx";
import { toProblem } from "../../problem.ts";
import { ChartsSkeleton } from "./charts-skeleton.tsx";
import { gapsOf, MEASURES, type Span } from "./history.ts";
import { LOOKS } from "./looks.ts";
import { MeasureCard } from "./measure-card.tsx";
import { MeasureGrid } from "./measure-grid.tsx";
import { usePoints } from "./use-points.ts";

const TEXTS = {
  hour: "As they were measured.",
  day: "The mean of every five minutes; the thin line is the peak.",
};
const NAMES = ["cpu", "memory", "disk", "processes"] as const;

/** What a workspace uses and used: of the last hour, or of the last day. */
export default function ResourceCharts({ workspace }: { workspace: WorkspaceInfo }) {
  return (
    <UsageProvider name={workspace.name}>
      <Charts workspace={workspace} />
    </UsageProvider>
  );
}

function Charts({ workspace }: { workspace: WorkspaceInfo }) {
  const [kept, keep] = useKept<Span>("resources span");
  const span = kept ?? "hour";
  const { points, data, error, isFetching, refetch } = usePoints(workspace, span);
  const running = workspace.status === "running";
  const sync = useId();
  const to = useEnd(points?.at(-1)?.at);
  const { cpus, memoryBytes, processes } = workspace.limits;
  const limits = { cpu: cpus === undefined ? undefined : cpus * 100, memory: memoryBytes, processes, disk: undefined };
  const problem = error === null ? undefined : toProblem(error);
  const gaps = points === undefined || data === undefined ? 0 : gapsOf(points, data.gapSeconds);
  const noneYet = running && points?.length === 0;
  return (
    <section aria-labelledby={`${sync}-title`}>
      <div className="mb-2.5 flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          <h2 id={`${sync}-title`} className="font-semibold">
            Resources
          </h2>
          <p className="text-[0.8125rem] text-muted">
            {TEXTS[span]}
            {gaps > 0 && " Where a line is broken, the workspace or its worker did not run."}
          </p>
        </div>
        <SegmentedControl
          label="How far back"
          value={span}
          change={keep}
          choices={[
            { value: "hour", label: "Last hour" },
            { value: "day", label: "Last day" },
          ]}
        />
      </div>
      {problem !== undefined && (
        <Notice tone="bad" title="What it used could not be loaded" className="mb-3">
          <ProblemText problem={problem} />
          <Button size="small" className="mt-2" busy={isFetching} onClick={() => void refetch()}>
            Try again
          </Button>
        </Notice>
      )}
      {points === undefined || data === undefined ? (
        problem === undefined && <ChartsSkeleton />
      ) : noneYet ? (
        <ChartsSkeleton />
      ) : points.length === 0 ? (
        <EmptyState Icon={Activity} title="Nothing was measured">
          It did not run in the last {span}. Start it, and what it uses is drawn here.
        </EmptyState>
      ) : (
        <MeasureGrid>
          {NAMES.map((name) => (
            <MeasureCard
              key={name}
              look={LOOKS[name]}
              measure={MEASURES[name]}
              points={points}
              span={span}
              gapSeconds={data.gapSeconds}
              limit={limits[name]}
              to={to}
              running={running}
              sync={sync}
            />
          ))}
        </MeasureGrid>
      )}
    </section>
  );
}

const MOVE_MS = 10_000;

/** The instant up to which is drawn, in seconds: it goes on also where nothing comes any more. A worker's clock may be ahead of ours. */
function useEnd(newest: string | undefined): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MOVE_MS);
    return () => clearInterval(timer);
  }, []);
  return Math.max(now, newest === undefined ? 0 : Date.parse(newest)) / 1_000;
}
