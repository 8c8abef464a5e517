import { lazyPart } from "../components/lazy-part.ts";
import { LoadingLines } from "../components/loading-lines.tsx";
import { PageTitle } from "../components/page-title.tsx";
import { PartFrame } from "../components/part-boundary.tsx";

const InboxView = lazyPart(() => import("../features/inbox/inbox-view.tsx"));

/** What waits for somebody, of all workspaces. */
export function InboxPage() {
  return (
    <>
      <PageTitle>Inbox</PageTitle>
      <PartFrame fallback={<LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="p-6" />}>
        <InboxView />
      </PartFrame>
    </>
  );
}
