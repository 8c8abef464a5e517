import { visible } from "../../../components/visible.ts";
import type { ListItem } from "./arrange.ts";

/** The heading of a group of rows. */
export function GroupRow({ item }: { item: Extract<ListItem, { kind: "group" }> }) {
  const { title, count, running } = item;
  return (
    <div role="row" className="bg-raised/60 px-4 py-1.5">
      <div role="rowheader" className="flex min-w-0 items-baseline gap-3 text-[0.8125rem]">
        <span className="truncate font-medium text-ink">{visible(title)}</span>
        <span className="shrink-0 text-muted tabular-nums">
          {count} {count === 1 ? "workspace" : "workspaces"}
          {running > 0 && running < count && ` · ${running} ${running === 1 ? "runs" : "run"}`}
        </span>
      </div>
    </div>
  );
}
