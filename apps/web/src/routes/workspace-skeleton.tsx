import { PageTitle } from "../components/page-title.tsx";
import { Skeleton } from "../components/ui/skeleton.tsx";

/** The place of a workspace's header, until there is something to show in it. */
export function WorkspaceSkeleton({ name }: { name: string }) {
  return (
    <div role="status" className="border-b border-line bg-surface px-4 sm:px-6">
      <PageTitle>{name}</PageTitle>
      <span className="sr-only">Loading {name}…</span>
      <div className="flex h-12 items-center">
        <Skeleton className="h-5 w-56 max-w-full" />
      </div>
      <div className="flex h-10 items-center gap-6">
        <Skeleton className="h-4 w-72 max-w-full" />
      </div>
    </div>
  );
}
