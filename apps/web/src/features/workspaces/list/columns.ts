import type { Column } from "./view.ts";

/**
 * Rows are grids of their own, and not parts of a table: what is out of sight is then not laid out. All have these columns; on a
 * phone, and wherever there is no room for them, a row is a card of two lines.
 */
export const rowGrid =
  "lg:grid lg:grid-cols-[1.25rem_minmax(0,1.5fr)_6.25rem_minmax(0,1.1fr)_4.25rem_minmax(0,1.4fr)_4rem_3.5rem_5rem_2.25rem] xl:grid-cols-[1.25rem_minmax(0,1.4fr)_6.25rem_minmax(0,1fr)_minmax(0,1.1fr)_4.25rem_minmax(0,1.5fr)_4rem_3.5rem_5rem_5rem_2.25rem] lg:gap-x-3";

/** Of cells that only the widest windows have room for. */
export const onlyWide = "max-xl:hidden";
export const onlyTable = "max-lg:hidden";

export const HEADINGS: readonly { column: Column; label: string; figure?: true; className?: string }[] = [
  { column: "name", label: "Name" },
  { column: "status", label: "Status" },
  { column: "repo", label: "Repository", className: onlyWide },
  { column: "branch", label: "Branch" },
  { column: "pull-request", label: "PR" },
  { column: "task", label: "Task" },
  { column: "activity", label: "Active", figure: true },
  { column: "cpu", label: "CPU", figure: true },
  { column: "memory", label: "Memory", figure: true },
  { column: "disk", label: "Disk", figure: true, className: onlyWide },
];
