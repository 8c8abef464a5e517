import { lazyPart } from "../components/lazy-part.ts";
import { LoadingLines } from "../components/loading-lines.tsx";
import { PageTitle } from "../components/page-title.tsx";
import { PartFrame } from "../components/part-boundary.tsx";

const UsageView = lazyPart(() => import("../features/usage/usage-view.tsx"));

/** What coding tools used, and what that costs. */
export function UsagePage() {
  return (
    <>
      <PageTitle>Usage</PageTitle>
      <PartFrame fallback={<LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="p-6" />}>
        <UsageView />
      </PartFrame>
    </>
  );
}
