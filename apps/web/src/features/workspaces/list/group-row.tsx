import { Link } from "react-router";
import { compareAddress } from "../../../components/compare-address.ts";
import { visible } from "../../../components/visible.ts";
import type { ListItem } from "./arrange.ts";

/** The heading of a group of rows. */
export function GroupRow({ item }: { item: Extract<ListItem, { kind: "group" }> }) {
  const { title, count, running } = item;
  const comparison = compareAddress(title);
  return (
    <div role="row" className="bg-raised/60 px-4 py-1.5">
      <div role="rowheader" className="flex min-w-0 items-baseline gap-3 text-[0.8125rem]">
        <span className="truncate font-medium text-ink">{visible(title)}</span>
        <span className="shrink-0 text-muted tabular-nums">
          {count} {count === 1 ? "workspace" : "workspaces"}
          {running > 0 && running < count && ` · ${running} ${running === 1 ? "runs" : "run"}`}
        </span>
        {comparison !== undefined && (
          <Link to={comparison} className="shrink-0 font-medium text-accent underline-offset-2 hover:underline">
            Compare
          </Link>
        )}
      </div>
    </div>
  );
}
