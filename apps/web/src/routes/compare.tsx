import { useParams } from "react-router";
import { lazyPart } from "../components/lazy-part.ts";
import { LoadingLines } from "../components/loading-lines.tsx";
import { PartFrame } from "../components/part-boundary.tsx";

const CompareView = lazyPart(() => import("../features/compare/compare-view.tsx"));

/** What the same task became in several workspaces. */
export function ComparePage() {
  const { id } = useParams();
  return (
    <PartFrame fallback={<LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="p-6" />}>
      <CompareView id={id} />
    </PartFrame>
  );
}
