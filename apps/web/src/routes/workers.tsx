import { lazyPart } from "../components/lazy-part.ts";
import { LoadingLines } from "../components/loading-lines.tsx";
import { PageTitle } from "../components/page-title.tsx";
import { PartFrame } from "../components/part-boundary.tsx";

const WorkersView = lazyPart(() => import("../features/worker/workers-view.tsx"));

/** All workers behind this agent at once, and this one. */
export function WorkersPage() {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <PageTitle>Workers</PageTitle>
      <div className="mx-auto w-full max-w-5xl px-4 py-6 sm:px-6 sm:py-9">
        <h1 className="mb-5 text-xl font-semibold">Workers</h1>
        <PartFrame fallback={<LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="py-2" />}>
          <WorkersView />
        </PartFrame>
      </div>
    </div>
  );
}
