import type { WorkspaceInfo } from "@ws/rpc-contract";
import { Play } from "lucide-react";
import type { ReactNode } from "react";
import { Command } from "../../components/command.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button } from "../../components/ui/button.tsx";
import { useNow } from "../../components/use-now.ts";
import { useLive } from "../../live/live-context.tsx";
import { useActions } from "./actions/use-actions.ts";
import { StartupSteps } from "./startup-steps.tsx";
import { statusOf } from "../../components/workspace-status/status-of.ts";
import { failureTitle, isOfFinalize } from "./status.ts";

interface NotRunningProps {
  workspace: WorkspaceInfo;
  /** What was logged, which says more than a reason does. */
  log: ReactNode;
}

/** What stands in a part's place while there is nothing to show of it: how it comes up, why it did not, or the way back to running. */
export function NotRunning({ workspace, log }: NotRunningProps) {
  const { status, operation, failure } = workspace;
  if (status === "creating" || operation !== undefined) return <ComingUp workspace={workspace} log={log} />;
  if (status === "error" || (failure !== undefined && !isOfFinalize(failure.step))) {
    return <Failed workspace={workspace} log={log} />;
  }
  return <Stopped workspace={workspace} />;
}

function ComingUp({ workspace, log }: NotRunningProps) {
  const { progress } = useLive();
  const now = useNow(true);
  return (
    <Beside log={log}>
      <h2 className="mb-4 text-lg font-semibold">
        {statusOf(workspace).label} <span className="font-mono">{workspace.name}</span>
      </h2>
      <StartupSteps workspace={workspace} progress={progress.get(workspace.id)} now={now} />
      <p className="mt-5 text-[0.8125rem] text-muted">This page can be closed; the worker carries on.</p>
    </Beside>
  );
}

/** The step, the reason, what to do, and the log, in one screen. */
function Failed({ workspace, log }: NotRunningProps) {
  const actions = useActions();
  const { name, failure, status } = workspace;
  return (
    <Beside log={log}>
      <Notice
        tone="bad"
        title={failure === undefined ? `'${name}' failed` : failureTitle(workspace, failure.step)}
        className="mb-5"
      >
        <ProblemText problem={failure ?? { code: "unknown", message: "The worker did not say why." }} />
      </Notice>
      <StartupSteps workspace={workspace} progress={undefined} now={0} />
      <div className="mt-6 flex flex-wrap items-center gap-2">
        <Button variant="primary" onClick={() => void actions.start(workspace)}>
          <Play aria-hidden />
          {status === "error" ? "Try again" : "Start again"}
        </Button>
        <Command className="min-w-0">{`ws start ${name}`}</Command>
      </div>
      <p className="mt-3 text-[0.8125rem] text-muted">
        {status === "error"
          ? "Nothing of a create that failed is kept but its record and its log: trying again begins anew."
          : "Its home and files are kept."}
      </p>
    </Beside>
  );
}

function Stopped({ workspace }: { workspace: WorkspaceInfo }) {
  const { name, stopReason } = workspace;
  const actions = useActions();
  return (
    <div className="flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-lg flex-col items-center px-5 py-14 text-center">
        <h2 className="text-lg font-semibold">
          <span className="font-mono">{name}</span> is stopped
        </h2>
        <p className="mt-1.5 max-w-md text-balance text-muted">
          {stopReason === undefined ? "" : `Reason: ${reasonText(stopReason)} `}Its terminals have ended; its home and
          files are kept.
        </p>
        <Button variant="primary" className="mt-5" onClick={() => void actions.start(workspace)}>
          <Play aria-hidden />
          Start
        </Button>
        <Command className="mt-5">{`ws start ${name}`}</Command>
      </div>
    </div>
  );
}

/** As a sentence, whichever way the worker says it. */
function reasonText(reason: string): string {
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}

/** The log at the right where there is room for both, else below. */
function Beside({ children, log }: { children: ReactNode; log: ReactNode }) {
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto lg:flex-row lg:overflow-hidden">
      <div className="w-full shrink-0 px-4 py-6 sm:px-6 lg:w-[26rem] lg:overflow-y-auto xl:w-[30rem]">{children}</div>
      <div className="flex min-h-80 flex-1 flex-col border-line max-lg:border-t lg:min-h-0 lg:min-w-0 lg:border-l">
        {log}
      </div>
    </div>
  );
}
