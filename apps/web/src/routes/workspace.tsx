import { useEffect, useState, type ReactNode } from "react";
import { useLocation, useNavigate, useParams, useSearchParams } from "react-router";
import type { WorkspaceInfo } from "@ws/rpc-contract";
import { SlowChanges, WorkspaceChangesProvider } from "../changes/changes-context.tsx";
import { lazyPart } from "../components/lazy-part.ts";
import { LoadingLines } from "../components/loading-lines.tsx";
import { PageTitle } from "../components/page-title.tsx";
import { PartFrame } from "../components/part-boundary.tsx";
import { Tabs, TabsContent } from "../components/ui/tabs.tsx";
import { useSeenTask } from "../features/inbox/inbox-context.tsx";
import { ResourcesSkeleton } from "../features/resources/charts-skeleton.tsx";
import { NotRunning } from "../features/workspaces/not-running.tsx";
import { useLive, useWorkspace } from "../live/live-context.tsx";
import { CodeActionsProvider } from "./code-actions.tsx";
import { NotFoundPage } from "./not-found.tsx";
import { useNeighbours } from "./use-neighbours.ts";
import { WorkspaceHeader } from "./workspace-header.tsx";
import { partOf, type Part } from "./parts.ts";
import { WorkspaceSkeleton } from "./workspace-skeleton.tsx";

const TerminalsPanel = lazyPart(() => import("../features/terminal/terminals-panel.tsx"));
const FilesPanel = lazyPart(() => import("../features/files/files-panel.tsx"));
const GitPanel = lazyPart(() => import("../features/git/git-panel.tsx"));
const TasksView = lazyPart(() => import("../features/tasks/tasks-view.tsx"));
const PortsPanel = lazyPart(() => import("../features/ports/ports-panel.tsx"));
const LogsView = lazyPart(() => import("../features/logs/logs-view.tsx"));
const ResourceCharts = lazyPart(() => import("../features/resources/resource-charts.tsx"));
const WorkspaceOverview = lazyPart(() => import("../features/workspaces/overview/overview.tsx"));
const WorkspaceSettings = lazyPart(() => import("../features/workspaces/settings/workspace-settings.tsx"));

/** One workspace: its terminals, its files, its repository, its tasks, its ports, its log and what there is to know about it. */
export default function WorkspacePage() {
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

  if (workspaces === undefined) return <WorkspaceSkeleton name={name} />;
  if (workspace === undefined) {
    return <NotFoundPage>There is no workspace named “{name}” on this worker.</NotFoundPage>;
  }
  const shown = part === undefined ? undefined : partOf(part);
  if (part !== undefined && shown === undefined) {
    return <NotFoundPage>A workspace has no part “{part}”.</NotFoundPage>;
  }
  return (
    <WorkspaceChangesProvider key={workspace.id} name={workspace.name}>
      <CodeActionsProvider workspace={workspace.name}>
        <WorkspaceView workspace={workspace} part={shown} />
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
  const tab = part ?? partOf(query.get("tab") ?? "") ?? "terminals";
  useSeenTask(tab === "tasks" ? (query.get("task") ?? undefined) : undefined);
  useNeighbours(name, tab);
  const selectTab = (next: string) => {
    // Which terminal and which file are shown is kept for the way back.
    const kept = new URLSearchParams(query);
    kept.delete("tab");
    kept.delete("task");
    void navigate({ pathname: addressOf(name, next), search: kept.toString() });
  };
  // A log that ended with the workspace is followed anew with it.
  const log = (
    <PartFrame fallback={<PartSkeleton />}>
      <LogsView key={status} name={name} />
    </PartFrame>
  );
  const away = <NotRunning workspace={workspace} log={log} />;
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
          tab === "terminals" && away
        )}
      </TabsContent>
      <KeptContent value="files" shown={tab === "files"}>
        {running ? <FilesPanel workspace={workspace} shown={tab === "files"} /> : tab === "files" && away}
        {running && <SlowChanges />}
      </KeptContent>
      <PlainContent value="git">
        {running ? <GitPanel workspace={workspace} /> : away}
        {running && <SlowChanges />}
      </PlainContent>
      <TabsContent value="tasks" className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto w-full max-w-5xl px-4 py-5 sm:px-6">
          <PartFrame fallback={<PartSkeleton />}>
            <TasksView workspace={workspace} places={[name]} />
          </PartFrame>
        </div>
      </TabsContent>
      <PlainContent value="ports">
        <PortsPanel workspace={workspace} />
      </PlainContent>
      <TabsContent value="overview" className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto w-full max-w-5xl px-4 py-6 sm:px-6">
          <PartFrame fallback={<PartSkeleton />}>
            <WorkspaceOverview
              workspace={workspace}
              resources={
                <PartFrame fallback={<ResourcesSkeleton />}>
                  <ResourceCharts workspace={workspace} />
                </PartFrame>
              }
            />
          </PartFrame>
        </div>
      </TabsContent>
      <TabsContent value="logs" className="flex min-h-0 flex-1 flex-col">
        {log}
      </TabsContent>
      <PlainContent value="settings">
        <WorkspaceSettings key={workspace.id} workspace={workspace} />
      </PlainContent>
    </Tabs>
  );
}

/** Made whenever it is shown. */
function PlainContent({ value, children }: { value: Part; children: ReactNode }) {
  return (
    <TabsContent value={value} className="flex min-h-0 flex-1 flex-col">
      <PartFrame fallback={<PartSkeleton />}>{children}</PartFrame>
    </TabsContent>
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
