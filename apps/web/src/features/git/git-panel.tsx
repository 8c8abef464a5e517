import type { WorkspaceInfo } from "@ws/rpc-contract";
import { RotateCw, X } from "lucide-react";
import { useMemo, type ReactNode } from "react";
import { useWorkspaceChanges } from "../../changes/changes-context.tsx";
import { LoadingLines } from "../../components/loading-lines.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "../../components/ui/tabs.tsx";
import { toProblem, type Problem } from "../../problem.ts";
import { ChangesView } from "./changes/changes-view.tsx";
import { HistoryView } from "./history/history-view.tsx";
import { NoRepository } from "./no-repository.tsx";
import { OperationBanner } from "./operation-banner.tsx";
import { PullRequestView } from "./pull-request/pull-request-view.tsx";
import { StashesView } from "./stashes-view.tsx";
import { SyncBar } from "./sync-bar.tsx";
import { useGitAddress } from "./use-address.ts";
import { GitPanelContext, useGitRefresh, useGitStatus, useGitTasks, type GitPanelState } from "./use-git.ts";

/** Git in a running workspace: what has changed, what was committed and put away, and the pull request of it. */
export default function GitPanel({ workspace }: { workspace: WorkspaceInfo }) {
  return workspace.repo === undefined ? <NoRepository name={workspace.name} /> : <Panel workspace={workspace} />;
}

function Panel({ workspace }: { workspace: WorkspaceInfo }) {
  const { id, name } = workspace;
  const { data: status, error, isFetching, refetch } = useGitStatus(name);
  const tasks = useGitTasks();
  useWorkspaceChanges(true, useGitRefresh());
  const { view, go } = useGitAddress();
  const state = useMemo<GitPanelState | undefined>(
    () => (status === undefined ? undefined : { id, name, status, ...tasks }),
    [id, name, status, tasks],
  );
  if (state === undefined) {
    return error === null ? (
      <PanelSkeleton />
    ) : (
      <NoStatus problem={toProblem(error)} retry={() => void refetch()} busy={isFetching} />
    );
  }
  const { files, total, stashes, truncated } = state.status;
  return (
    <GitPanelContext value={state}>
      <Tabs
        value={view}
        onValueChange={(next) => {
          go({ view: next }, { replace: true });
          void refetch();
        }}
        className="flex min-h-0 flex-1 flex-col"
      >
        <SyncBar refetching={isFetching} />
        <FailedTask tasks={tasks} />
        {error !== null && (
          <Notice tone="warn" title="This may be old: git could not be asked again" className="mx-4 mt-3 sm:mx-6">
            <ProblemText problem={toProblem(error)} />
          </Notice>
        )}
        <OperationBanner />
        <TabsList
          aria-label="Parts of git"
          className="shrink-0 overflow-x-auto overflow-y-hidden border-b border-line px-4 sm:px-6"
        >
          <PanelTab value="changes" count={total}>
            Changes
          </PanelTab>
          <PanelTab value="history">History</PanelTab>
          <PanelTab value="stashes" count={stashes}>
            Stashes
          </PanelTab>
          <PanelTab value="pull-request">Pull request</PanelTab>
        </TabsList>
        {truncated && view === "changes" && (
          <Notice
            tone="warn"
            title={`Of ${total.toLocaleString()} changed files the first ${files.length.toLocaleString()} are here`}
            className="mx-4 mt-3 sm:mx-6"
          />
        )}
        <PanelContent value="changes">
          <ChangesView />
        </PanelContent>
        <PanelContent value="history">
          <HistoryView />
        </PanelContent>
        <PanelContent value="stashes">
          <StashesView />
        </PanelContent>
        <PanelContent value="pull-request">
          <PullRequestView workspace={workspace} />
        </PanelContent>
      </Tabs>
    </GitPanelContext>
  );
}

function PanelTab({ value, count = 0, children }: { value: string; count?: number; children: ReactNode }) {
  return (
    <TabsTrigger value={value} className="flex shrink-0 items-center gap-1.5">
      {children}
      {count > 0 && (
        <span className="rounded-full bg-raised px-1.5 text-xs text-muted tabular-nums">{count.toLocaleString()}</span>
      )}
    </TabsTrigger>
  );
}

function PanelContent({ value, children }: { value: string; children: ReactNode }) {
  return (
    <TabsContent value={value} tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
      {children}
    </TabsContent>
  );
}

/** What was tried in vain, under the line that it was asked for in. */
function FailedTask({ tasks: { failed, forget } }: { tasks: Pick<GitPanelState, "failed" | "forget"> }) {
  if (failed === undefined) return null;
  return (
    <div className="relative mx-4 mb-2 shrink-0 sm:mx-6">
      <Notice tone="bad" title={failed.title} urgent className="max-h-[35dvh] overflow-y-auto pr-11">
        <ProblemText problem={failed.problem} />
      </Notice>
      <Button variant="ghost" size="iconSmall" className="absolute top-2 right-2" aria-label="Dismiss" onClick={forget}>
        <X aria-hidden />
      </Button>
    </div>
  );
}

function NoStatus({ problem, retry, busy }: { problem: Problem; retry: () => void; busy: boolean }) {
  return (
    <div className="flex-1 overflow-y-auto px-4 py-8 sm:px-6">
      <Notice tone="bad" title="Git could not be asked" urgent className="mx-auto max-w-xl">
        <ProblemText problem={problem} />
        <Button size="small" className="mt-3" busy={busy} onClick={retry}>
          <RotateCw aria-hidden />
          Try again
        </Button>
      </Notice>
    </div>
  );
}

function PanelSkeleton() {
  return <LoadingLines label="Asking git…" widths={["w-56", "w-72", "w-64", "w-80"]} className="px-4 py-4 sm:px-6" />;
}
