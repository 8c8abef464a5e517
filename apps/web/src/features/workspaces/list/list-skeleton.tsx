import { Skeleton } from "../../../components/ui/skeleton.tsx";

/** As high as what comes in its place; what comes at once has nothing in its place. */
export function ListSkeleton() {
  return (
    <div role="status" className="animate-[fade_120ms_ease-out_150ms_both]">
      <span className="sr-only">Loading workspaces…</span>
      <Skeleton className="-mt-2 mb-4 h-4 w-72 max-w-full" />
      <Skeleton className="mb-3 h-9 w-full lg:w-80" />
      <div className="divide-y divide-line rounded-xl border border-line bg-surface">
        {["w-40", "w-28", "w-52", "w-36", "w-44"].map((width) => (
          <div key={width} className="flex h-15 items-center gap-6 px-4 lg:h-10.5">
            <Skeleton className={`h-4 ${width}`} />
            <Skeleton className="h-3 w-20" />
            <Skeleton className="hidden h-3 flex-1 lg:block" />
          </div>
        ))}
      </div>
    </div>
  );
}
