import { Search } from "lucide-react";
import { startTransition, useEffect, useRef, useState, type KeyboardEvent } from "react";
import { Input } from "../../components/ui/input.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { ActionDialogs } from "./actions/action-dialogs.tsx";
import type { Ask } from "./actions/ask.ts";
import { EmptyList } from "./empty-list.tsx";
import { useLive } from "../../live/live-context.tsx";
import { WorkspaceRow } from "./workspace-row.tsx";

/** More than any window shows; the rest of a long list follows in the next moments. */
const FIRST_ROWS = 40;
/** From this many on, a field to filter by. */
const FILTER_FROM = 8;

/** All workspaces, live. Arrow keys walk the rows, Enter opens one. */
export function WorkspaceList({ create }: { create: () => void }) {
  const { workspaces, progress, connection } = useLive();
  const [ask, setAsk] = useState<Ask>();
  const [filter, setFilter] = useState("");
  const filterField = useRef<HTMLInputElement>(null);
  useSlashKey(filterField);

  const rendered = useGrowing(FIRST_ROWS, workspaces?.length ?? 0);

  if (workspaces === undefined) return <ListSkeleton />;
  if (workspaces.length === 0) return <EmptyList create={create} />;
  const wanted = filter.trim().toLowerCase();
  const shown = workspaces.filter(({ name, repo, branch }) =>
    [name, repo, branch].some((text) => text?.toLowerCase().includes(wanted)),
  );
  return (
    <>
      {workspaces.length >= FILTER_FROM && (
        <div className="relative mb-3">
          <Search className="absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted" aria-hidden />
          <Input
            ref={filterField}
            type="search"
            aria-label="Filter workspaces"
            placeholder="Filter by name, repository or branch"
            className="pl-9"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
        </div>
      )}
      {shown.length === 0 ? (
        <p className="rounded-xl border border-line bg-surface p-8 text-center text-sm text-muted">
          No workspace matches “{filter}”.
        </p>
      ) : (
        // The rows' links take the focus; the list only moves it between them.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
        <ul
          aria-label="Workspaces"
          aria-busy={connection !== "live"}
          className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface"
          onKeyDown={walkRows}
        >
          {shown.slice(0, rendered).map((workspace) => (
            <WorkspaceRow key={workspace.id} workspace={workspace} progress={progress.get(workspace.id)} ask={setAsk} />
          ))}
        </ul>
      )}
      <ActionDialogs ask={ask} close={() => setAsk(undefined)} />
    </>
  );
}

/** A count that starts at `first` and grows to `total` in steps that leave the page responsive. */
function useGrowing(first: number, total: number): number {
  const [count, setCount] = useState(first);
  useEffect(() => {
    if (count >= total) return;
    const timer = setTimeout(() => startTransition(() => setCount(count * 2)), 30);
    return () => clearTimeout(timer);
  }, [count, total]);
  return count;
}

function walkRows(event: KeyboardEvent<HTMLUListElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || !(event.target instanceof HTMLElement)) return;
  // A press that a menu or a dialog handles bubbles through React to here; only the rows themselves count.
  if (!event.currentTarget.contains(event.target) || event.defaultPrevented) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row-link]")];
  const at = links.indexOf(event.target);
  const next = links[Math.max(0, Math.min(links.length - 1, at + step))];
  if (at === -1 || next === undefined) return;
  event.preventDefault();
  next.focus();
}

function useSlashKey(field: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const focus = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "/" || event.target !== document.body || field.current === null) return;
      event.preventDefault();
      field.current.focus();
    };
    document.addEventListener("keydown", focus);
    return () => document.removeEventListener("keydown", focus);
  }, [field]);
}

function ListSkeleton() {
  return (
    <div role="status" className="divide-y divide-line rounded-xl border border-line bg-surface">
      <span className="sr-only">Loading workspaces…</span>
      {["w-40", "w-28", "w-52"].map((width) => (
        <div key={width} className="flex items-center gap-6 px-5 py-4.5">
          <div className="flex-1 space-y-2">
            <Skeleton className={`h-4 ${width}`} />
            <Skeleton className="h-3 w-64 max-w-full" />
          </div>
          <Skeleton className="hidden h-4 w-20 sm:block" />
        </div>
      ))}
    </div>
  );
}
