import { GitBranch, Play, Square } from "lucide-react";
import { useEffect, useState, type ReactNode } from "react";
import { useLocation, useNavigate, useParams, useSearchParams } from "react-router";
import type { WorkspaceInfo } from "@ws/rpc-contract";
import { SlowChanges, WorkspaceChangesProvider } from "../changes/changes-context.tsx";
import { lazyPart } from "../components/lazy-part.ts";
import { PageTitle } from "../components/page-title.tsx";
import { PartFrame } from "../components/part-boundary.tsx";
import { LoadingLines } from "../components/loading-lines.tsx";
import { Button } from "../components/ui/button.tsx";
import { Skeleton } from "../components/ui/skeleton.tsx";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "../components/ui/tabs.tsx";
import { useSeenTask } from "../features/inbox/inbox-context.tsx";
import { ActionDialogs } from "../features/workspaces/actions/action-dialogs.tsx";
import type { Ask } from "../features/workspaces/actions/ask.ts";
import { ActionsMenu } from "../features/workspaces/actions/actions-menu.tsx";
import { useActions } from "../features/workspaces/actions/use-actions.ts";
import { useWorkspaceVerbs } from "../features/workspaces/actions/use-workspace-verbs.ts";
import { IsolationBadges } from "../features/workspaces/isolation.tsx";
import { useLive, useWorkspace } from "../live/live-context.tsx";
import { shortRepository } from "../features/workspaces/names.ts";
import { NotRunning } from "../features/workspaces/not-running.tsx";
import { Status } from "../features/workspaces/status-label.tsx";
import { CodeActionsProvider } from "./code-actions.tsx";
import { NotFoundPage } from "./not-found.tsx";
import { isPart, PARTS, type Part } from "./parts.ts";

const TerminalsPanel = lazyPart(() => import("../features/terminal/terminals-panel.tsx"));
const FilesPanel = lazyPart(() => import("../features/files/files-panel.tsx"));
const GitPanel = lazyPart(() => import("../features/git/git-panel.tsx"));
const TasksView = lazyPart(() => import("../features/tasks/tasks-view.tsx"));
const LogsView = lazyPart(() => import("../features/logs/logs-view.tsx"));
const WorkspaceDetails = lazyPart(() => import("../features/workspaces/details.tsx"));

/** One workspace: its terminals, its files, its repository, its tasks, its log and what there is to know about it. */
export function WorkspacePage() {
  const { name = "", part } = useParams();
  const { workspaces } = useLive();
  const workspace = useWorkspace(name);
  const navigate = useNavigate();
  const { search } = useLocation();

  useEffect(() => {
    // Renamed here or elsewhere: it is still this page's workspace.
    if (workspace !== undefined && workspace.name !== name) {
      void navigate(`${addressOf(workspace.name, part)}${search}`, { replace: true });
    }
  }, [workspace, name, part, search, navigate]);

  if (workspaces === undefined) return <PageSkeleton name={name} />;
  if (workspace === undefined) {
    return <NotFoundPage>There is no workspace named “{name}” on this worker.</NotFoundPage>;
  }
  if (part !== undefined && !isPart(part)) return <NotFoundPage>A workspace has no part “{part}”.</NotFoundPage>;
  return (
    <WorkspaceChangesProvider key={workspace.id} name={workspace.name}>
      <CodeActionsProvider workspace={workspace.name}>
        <WorkspaceView workspace={workspace} part={part} />
      </CodeActionsProvider>
    </WorkspaceChangesProvider>
  );
}

function addressOf(name: string, part: string | undefined): string {
  return part === undefined ? `/w/${name}` : `/w/${name}/${part}`;
}

function WorkspaceView({ workspace, part }: { workspace: WorkspaceInfo; part: Part | undefined }) {
  const { terminals } = useLive();
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const { status, name } = workspace;
  const running = status === "running";
  // Addresses of before the parts had their own.
  const asked = query.get("tab") ?? "";
  const tab = part ?? (isPart(asked) ? asked : status === "error" ? "details" : "terminals");
  useSeenTask(tab === "tasks" ? (query.get("task") ?? undefined) : undefined);
  const selectTab = (next: string) => {
    // Which terminal and which file are shown is kept for the way back.
    const kept = new URLSearchParams(query);
    kept.delete("tab");
    kept.delete("task");
    void navigate({ pathname: addressOf(name, next), search: kept.toString() });
  };
  return (
    <Tabs value={tab} onValueChange={selectTab} className="flex min-h-0 flex-1 flex-col">
      <PageTitle>{name}</PageTitle>
      <WorkspaceHeader workspace={workspace} />
      {/* Stays mounted behind the other tabs, so that screens and connections do. */}
      <TabsContent value="terminals" forceMount className="flex min-h-0 flex-1 flex-col data-[state=inactive]:hidden">
        {running ? (
          <PartFrame fallback={<PartSkeleton />}>
            <TerminalsPanel name={name} shown={tab === "terminals"} changes={terminals.get(workspace.id) ?? 0} />
          </PartFrame>
        ) : (
          <NotRunning workspace={workspace} />
        )}
      </TabsContent>
      <KeptContent value="files" shown={tab === "files"}>
        {running ? <FilesPanel workspace={workspace} shown={tab === "files"} /> : <NotRunning workspace={workspace} />}
        {running && <SlowChanges />}
      </KeptContent>
      <TabsContent value="git" className="flex min-h-0 flex-1 flex-col">
        <PartFrame fallback={<PartSkeleton />}>
          {running ? <GitPanel workspace={workspace} /> : <NotRunning workspace={workspace} />}
          {running && <SlowChanges />}
        </PartFrame>
      </TabsContent>
      <TabsContent value="tasks" className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto w-full max-w-5xl px-4 py-5 sm:px-6">
          <PartFrame fallback={<PartSkeleton />}>
            <TasksView workspace={workspace} places={[name]} />
          </PartFrame>
        </div>
      </TabsContent>
      <TabsContent value="logs" className="flex min-h-0 flex-1 flex-col">
        {/* A log that ended with the workspace is followed anew with it. */}
        <PartFrame fallback={<PartSkeleton />}>
          <LogsView key={status} name={name} />
        </PartFrame>
      </TabsContent>
      <TabsContent value="details" className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto w-full max-w-5xl px-4 py-6 sm:px-6">
          <PartFrame fallback={<PartSkeleton />}>
            <WorkspaceDetails workspace={workspace} />
          </PartFrame>
        </div>
      </TabsContent>
    </Tabs>
  );
}

/** Made when it is first shown, and then kept behind the other tabs as it was left. */
function KeptContent({ value, shown, children }: { value: Part; shown: boolean; children: ReactNode }) {
  const [visited, setVisited] = useState(shown);
  if (shown && !visited) setVisited(true);
  return (
    <TabsContent value={value} forceMount className="flex min-h-0 flex-1 flex-col data-[state=inactive]:hidden">
      {visited && <PartFrame fallback={<PartSkeleton />}>{children}</PartFrame>}
    </TabsContent>
  );
}

function PartSkeleton() {
  return <LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="flex-1 p-4" />;
}

function WorkspaceHeader({ workspace }: { workspace: WorkspaceInfo }) {
  const navigate = useNavigate();
  const actions = useActions();
  const [ask, setAsk] = useState<Ask>();
  const { name, status, repo, branch, operation } = workspace;
  useWorkspaceVerbs(workspace, setAsk);
  return (
    <div className="shrink-0 border-b border-line bg-surface px-4 pt-3 sm:px-6 short:flex short:items-end short:gap-6 short:pt-0">
      <div className="flex items-start gap-3 short:min-w-0 short:flex-1 short:items-center">
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1 short:flex-nowrap">
            <h1 className="font-mono text-lg font-semibold break-all short:truncate">{name}</h1>
            <span aria-live="polite">
              <Status workspace={workspace} />
            </span>
            <IsolationBadges workspace={workspace} />
          </div>
          {repo !== undefined && (
            <p className="mt-0.5 flex min-w-0 short:hidden flex-wrap items-center gap-x-2 text-[0.8125rem] text-muted">
              <span className="truncate" title={repo}>
                {shortRepository(repo)}
              </span>
              {branch !== undefined && (
                <span className="flex min-w-0 items-center gap-1" title={`The workspace's own branch: ${branch}`}>
                  <GitBranch className="size-3.5 shrink-0" aria-hidden />
                  <span className="truncate">own branch {branch}</span>
                </span>
              )}
            </p>
          )}
        </div>
        <div className="flex shrink-0 items-center gap-1">
          {status === "running" && (
            <Button
              size="small"
              disabled={operation !== undefined}
              onClick={() => setAsk({ kind: "stop", workspace })}
              className="max-sm:hidden"
            >
              <Square aria-hidden />
              Stop
            </Button>
          )}
          {(status === "stopped" || status === "error") && (
            <Button
              size="small"
              variant="primary"
              disabled={operation !== undefined}
              onClick={() => void actions.start(name)}
            >
              <Play aria-hidden />
              {status === "error" ? "Try again" : "Start"}
            </Button>
          )}
          <ActionsMenu workspace={workspace} ask={setAsk} />
        </div>
      </div>
      <TabsList
        aria-label={`Parts of ${name}`}
        className="mt-1.5 -mb-px overflow-x-auto overflow-y-hidden pb-px max-sm:gap-4 short:order-first short:mt-0 short:max-w-[70%] short:shrink-0 short:gap-3.5"
      >
        {Object.entries(PARTS).map(([part, title]) => (
          <TabsTrigger key={part} value={part}>
            {title}
          </TabsTrigger>
        ))}
      </TabsList>
      <ActionDialogs ask={ask} close={() => setAsk(undefined)} onDeleted={() => void navigate("/")} />
    </div>
  );
}

function PageSkeleton({ name }: { name: string }) {
  return (
    <div role="status" className="px-4 py-4 sm:px-6">
      <PageTitle>{name}</PageTitle>
      <span className="sr-only">Loading {name}…</span>
      <Skeleton className="h-6 w-44" />
      <Skeleton className="mt-2 h-4 w-72 max-w-full" />
      <Skeleton className="mt-5 h-5 w-60" />
    </div>
  );
}
