import { Inbox } from "lucide-react";
import { Button } from "../../components/ui/button.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { Page, PageHeader } from "../../components/ui/page.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { AwayNews } from "./away-news.tsx";
import { InboxCard } from "./inbox-card.tsx";
import { useInbox } from "./inbox-context.tsx";

/** What waits for somebody, of all workspaces: each can be answered where it stands. */
export default function InboxView() {
  return (
    <Page>
      <PageHeader title="Inbox" />
      <Items />
    </Page>
  );
}

function Items() {
  const { items, seen } = useInbox();
  if (items === undefined) return <InboxSkeleton />;
  const failed = items.filter(({ kind }) => kind === "failed");
  return (
    <div className="space-y-5">
      {items.length === 0 ? (
        <EmptyState Icon={Inbox} title="Nothing waits for you">
          What asks something, has to sign in, met a limit or failed comes here, from every workspace.
        </EmptyState>
      ) : (
        <ul aria-label="What waits for you" className="space-y-3">
          {items.map((item) => (
            <InboxCard key={item.key} item={item} />
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <AwayNews />
        {failed.length > 1 && (
          <Button size="small" variant="ghost" onClick={() => seen.add(failed.map(({ key }) => key))}>
            Dismiss all that failed
          </Button>
        )}
      </div>
    </div>
  );
}

function InboxSkeleton() {
  return (
    <div role="status" className="space-y-3">
      <span className="sr-only">Loading what waits for you…</span>
      {["w-40", "w-56"].map((width) => (
        <div key={width} className="space-y-3 rounded-xl border border-line bg-surface p-4">
          <Skeleton className={`h-4 max-w-full ${width}`} />
          <Skeleton className="h-3.5 w-72 max-w-full" />
        </div>
      ))}
    </div>
  );
}
