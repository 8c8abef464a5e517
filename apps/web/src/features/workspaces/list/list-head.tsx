import { ArrowDown, ArrowUp } from "lucide-react";
import { SelectBox } from "./select-box.tsx";
import { cn } from "../../../components/ui/cn.ts";
import { HEADINGS, onlyTable, rowGrid } from "./columns.ts";
import { nextSort, type Sort } from "./view.ts";

interface ListHeadProps {
  sort: Sort;
  change: (sort: Sort) => void;
  /** Whether all that are shown are selected, or some. */
  selected: boolean | "indeterminate";
  selectAll: (all: boolean) => void;
}

/** The headings of the columns, by which the list is sorted. */
export function ListHead({ sort, change, selected, selectAll }: ListHeadProps) {
  return (
    <div role="rowgroup" className={cn("sticky top-0 z-20", onlyTable)}>
      <div
        role="row"
        className={cn("items-center rounded-t-xl border-b border-line bg-surface px-4 py-1 text-[0.8125rem]", rowGrid)}
      >
        <div role="columnheader" className="flex">
          <SelectBox label="Select all that are shown" checked={selected} toggle={() => selectAll(selected !== true)} />
        </div>
        {HEADINGS.map(({ column, label, figure, className }) => {
          const by = sort.column === column;
          const Arrow = sort.descending ? ArrowDown : ArrowUp;
          return (
            <div
              key={column}
              role="columnheader"
              aria-sort={by ? (sort.descending ? "descending" : "ascending") : "none"}
              className={cn("flex min-w-0", figure && "justify-end", className)}
            >
              <button
                type="button"
                className={cn(
                  "-mx-1 flex min-h-7 min-w-0 items-center gap-1 rounded-md px-1 font-medium hover:text-ink",
                  by ? "text-ink" : "text-muted",
                )}
                onClick={() => change(nextSort(sort, column))}
              >
                {figure && by && <Arrow className="size-3.5 shrink-0" aria-hidden />}
                <span className="truncate">{label}</span>
                {!figure && by && <Arrow className="size-3.5 shrink-0" aria-hidden />}
              </button>
            </div>
          );
        })}
        <div role="columnheader">
          <span className="sr-only">Actions</span>
        </div>
      </div>
    </div>
  );
}
