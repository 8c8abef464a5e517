/** Which workspaces are shown, and in which order; all of it stands in the address. */
export interface ListView {
  /** What is typed into the filter. */
  text: string;
  statuses: readonly StatusFilter[];
  /** Only those that wait for somebody. */
  needs: boolean;
  /** Only those in which something happened in the last day, or that changed since this browser last showed the list. */
  changed: "" | "day" | "visit";
  sort: Sort;
  group: Group;
}

export const STATUSES = ["running", "creating", "stopped", "error"] as const;
export type StatusFilter = (typeof STATUSES)[number];

export const COLUMNS = [
  "name",
  "status",
  "repo",
  "branch",
  "pull-request",
  "task",
  "activity",
  "cpu",
  "memory",
  "disk",
] as const;
export type Column = (typeof COLUMNS)[number];

/** By a column, or, where there is none, by when they were made: the newest first. */
export interface Sort {
  column: Column | undefined;
  descending: boolean;
}

const CHANGED = ["day", "visit"] as const;

export const GROUPS = ["none", "execution", "status"] as const;
export type Group = (typeof GROUPS)[number];

/** What a person likes better than what is otherwise so; what the address says comes before it. */
export type ListPreferences = Pick<ListView, "sort" | "group">;

export const NEWEST: Sort = { column: undefined, descending: true };
export const PLAIN: ListPreferences = { sort: NEWEST, group: "none" };

export function readView(query: URLSearchParams, preferred: ListPreferences): ListView {
  return {
    text: query.get("q") ?? "",
    statuses: (query.get("status") ?? "").split(",").filter((word) => isOneOf(STATUSES, word)),
    needs: query.get("needs") === "me",
    changed: CHANGED.find((since) => since === query.get("changed")) ?? "",
    sort: parseSort(query.get("sort")) ?? preferred.sort,
    group: parseGroup(query.get("group")) ?? preferred.group,
  };
}

/** The address with a part of the view changed; the page's other words in it stay. */
export function writeView(query: URLSearchParams, change: Partial<ListView>): URLSearchParams {
  const next = new URLSearchParams(query);
  const set = (key: string, value: string) => (value === "" ? next.delete(key) : next.set(key, value));
  if (change.text !== undefined) set("q", change.text);
  if (change.statuses !== undefined) set("status", change.statuses.join(","));
  if (change.needs !== undefined) set("needs", change.needs ? "me" : "");
  if (change.changed !== undefined) set("changed", change.changed);
  if (change.sort !== undefined) set("sort", formatSort(change.sort));
  if (change.group !== undefined) set("group", change.group);
  return next;
}

export const NO_FILTER = { text: "", statuses: [], needs: false, changed: "" } satisfies Partial<ListView>;

export function isFiltered({ text, statuses, needs, changed }: ListView): boolean {
  return text.trim() !== "" || statuses.length > 0 || needs || changed !== "";
}

/** `cpu`, `-cpu` downwards, `newest`. */
export function formatSort({ column, descending }: Sort): string {
  return column === undefined ? "newest" : `${descending ? "-" : ""}${column}`;
}

export function parseSort(text: string | null): Sort | undefined {
  if (text === null) return undefined;
  if (text === "newest") return NEWEST;
  const column = text.replace(/^-/, "");
  return isOneOf(COLUMNS, column) ? { column, descending: text.startsWith("-") } : undefined;
}

export function parseGroup(text: string | null): Group | undefined {
  return text !== null && isOneOf(GROUPS, text) ? text : undefined;
}

/** What is most asked of a column comes first: the largest figure, the latest change, the letter A. The third press ends it. */
export function nextSort(now: Sort, column: Column): Sort {
  const first = { column, descending: LARGEST_FIRST.has(column) };
  if (now.column !== column) return first;
  return now.descending === first.descending ? { column, descending: !first.descending } : NEWEST;
}

const LARGEST_FIRST: ReadonlySet<Column> = new Set(["activity", "cpu", "memory", "disk", "pull-request"]);

function isOneOf<T extends string>(all: readonly T[], text: string): text is T {
  return all.some((one) => one === text);
}
