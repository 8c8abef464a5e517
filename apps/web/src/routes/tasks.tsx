import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { lazyPart } from "../components/lazy-part.ts";
import { PageTitle } from "../components/page-title.tsx";
import { LoadingLines } from "../components/loading-lines.tsx";
import { PartFrame } from "../components/part-boundary.tsx";
import { useSeenTask } from "../features/inbox/inbox-context.tsx";
import { useLive } from "../live/live-context.tsx";

const TasksView = lazyPart(() => import("../features/tasks/tasks-view.tsx"));

/** The tasks of all workspaces. */
export function TasksPage() {
  const { workspaces } = useLive();
  const [query] = useSearchParams();
  useSeenTask(query.get("task") ?? undefined);
  const places = useMemo(() => (workspaces ?? []).map(({ name }) => name), [workspaces]);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <PageTitle>Tasks</PageTitle>
      <div className="mx-auto w-full max-w-5xl px-4 py-5 sm:px-6 sm:py-7">
        <PartFrame fallback={<LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="py-2" />}>
          <TasksView places={places} heading="Tasks" />
        </PartFrame>
      </div>
    </div>
  );
}
