import type { WorkspaceInfo } from "@ws/rpc-contract";
import { Play } from "lucide-react";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button } from "../../components/ui/button.tsx";
import { useNow } from "../../components/use-now.ts";
import { useActions } from "./actions/use-actions.ts";
import { useLive } from "../../live/live-context.tsx";
import { StartupSteps } from "./startup-steps.tsx";

/** What stands in the terminals' place while there can be none: progress, or the way back to running. */
export function NotRunning({ workspace }: { workspace: WorkspaceInfo }) {
  const { progress } = useLive();
  const actions = useActions();
  const busy = workspace.status === "creating" || workspace.operation !== undefined;
  const now = useNow(busy);
  const { name, failure, stopReason } = workspace;
  return (
    <div className="flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-lg px-5 py-12">
        {busy ? (
          <StartupSteps workspace={workspace} progress={progress.get(workspace.id)} now={now} />
        ) : (
          <div className="text-center">
            <h2 className="text-lg font-semibold">
              {workspace.status === "error" ? `'${name}' failed` : `'${name}' is stopped`}
            </h2>
            {failure !== undefined && workspace.status === "error" ? (
              <ProblemText problem={failure} className="mt-2" />
            ) : (
              <p className="mt-1.5 text-muted">
                {stopReason === undefined ? "" : `Reason: ${stopReason}. `}Its terminals have ended; its home and files
                are kept.
              </p>
            )}
            <Button variant="primary" className="mt-6" onClick={() => void actions.start(name)}>
              <Play aria-hidden />
              {workspace.status === "error" ? "Try again" : "Start"}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
