import { lazyPart } from "../components/lazy-part.ts";
import { LoadingLines } from "../components/loading-lines.tsx";
import { PageTitle } from "../components/page-title.tsx";
import { PartFrame } from "../components/part-boundary.tsx";

const WorkersView = lazyPart(() => import("../features/worker/workers-view.tsx"));

/** All workers behind this agent at once, and this one. */
export function WorkersPage() {
  return (
    <>
      <PageTitle>Workers</PageTitle>
      <PartFrame fallback={<LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="p-6" />}>
        <WorkersView />
      </PartFrame>
    </>
  );
}
