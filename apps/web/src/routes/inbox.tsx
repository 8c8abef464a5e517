import { lazyPart } from "../components/lazy-part.ts";
import { LoadingLines } from "../components/loading-lines.tsx";
import { PageTitle } from "../components/page-title.tsx";
import { PartFrame } from "../components/part-boundary.tsx";

const InboxView = lazyPart(() => import("../features/inbox/inbox-view.tsx"));

/** What waits for somebody, of all workspaces. */
export function InboxPage() {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <PageTitle>Inbox</PageTitle>
      <div className="mx-auto w-full max-w-3xl px-4 py-6 sm:px-6 sm:py-9">
        <h1 className="mb-5 text-xl font-semibold">Inbox</h1>
        <PartFrame fallback={<LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="py-2" />}>
          <InboxView />
        </PartFrame>
      </div>
    </div>
  );
}
