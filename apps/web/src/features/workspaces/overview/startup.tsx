import type { WorkspaceInfo } from "@ws/rpc-contract";
import { span } from "../../../components/amounts.ts";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { useNow } from "../../../components/use-now.ts";
import { useLive } from "../../../live/live-context.tsx";
import { StartupSteps } from "../startup-steps.tsx";
import { startupOf } from "../waterfall.ts";

/** How the workspace came up, the last time. */
export function Startup({ workspace }: { workspace: WorkspaceInfo }) {
  const { progress } = useLive();
  const { steps } = workspace.startup;
  const now = useNow(steps.some((step) => step.status === "running"));
  const startup = startupOf(steps, now);
  return (
    <section aria-labelledby="startup">
      <h2 id="startup" className="font-semibold">
        Startup
      </h2>
      {startup !== undefined && (
        <p className="mb-3 text-[0.8125rem] text-muted">
          {startup.again ? "Started again" : "Made and started"} <TimeAgo at={new Date(startup.begin).toISOString()} />
          {startup.state === "done" && ` in ${span(startup.durationMs)}.`}
          {startup.state === "failed" && `; failed after ${span(startup.durationMs)}.`}
          {startup.state === "running" && `, for ${span(startup.durationMs)} so far.`}
        </p>
      )}
      <StartupSteps workspace={workspace} progress={progress.get(workspace.id)} now={now} />
    </section>
  );
}
