import type { TaskInfo, WorkspaceInfo, WorkspaceUsage } from "@ws/rpc-contract";
import { NEWEST, type Column, type ListView, type Sort } from "./view.ts";

/** Why a workspace waits for somebody, in a word or two, and where that is answered. */
export interface Need {
  label: string;
  to: string;
}

/** What is known of the workspaces besides themselves, by their ids. */
export interface Surroundings {
  tasks: ReadonlyMap<string, TaskInfo>;
  needs: ReadonlyMap<string, Need>;
  /** What changed since this browser last looked at the list. */
  news: ReadonlySet<string>;
  usage: (id: string) => WorkspaceUsage | undefined;
  now: number;
}

export type ListItem =
  | { kind: "group"; key: string; title: string; count: number; running: number }
  | { kind: "row"; key: string; workspace: WorkspaceInfo };

const DAY_MS = 86_400_000;

/** What is shown of them, in its order. Each group has a heading. */
export function arrange(
  workspaces: readonly WorkspaceInfo[],
  view: Pick<ListView, "sort" | "group">,
  around: Surroundings,
): ListItem[] {
  const sorted = sort(workspaces, view.sort, around);
  if (view.group === "none") return sorted.map(toRow);
  const groups = Map.groupBy(sorted, (workspace) =>
    view.group === "status" ? workspace.status : (workspace.execution?.id ?? ""),
  );
  return [...groups]
    .sort(([a], [b]) => orderOfGroup(a) - orderOfGroup(b) || a.localeCompare(b))
    .flatMap(([name, members]): ListItem[] => [
      {
        kind: "group",
        key: `group ${name}`,
        title: view.group === "status" ? STATUS_TITLES[name as WorkspaceInfo["status"]] : name || "No execution",
        count: members.length,
        running: members.filter(({ status }) => status === "running").length,
      },
      ...members.map(toRow),
    ]);
}

const STATUS_TITLES = { running: "Running", creating: "Creating", stopped: "Stopped", error: "Failed" };

/** What goes wrong or goes on first; what is of no execution last. */
function orderOfGroup(name: string): number {
  const at = ["error", "creating", "running", "stopped"].indexOf(name);
  return name === "" ? 9 : at;
}

/** Those that the filter lets through. */
export function filter(
  workspaces: readonly WorkspaceInfo[],
  view: Pick<ListView, "text" | "statuses" | "needs" | "changed">,
  around: Surroundings,
): WorkspaceInfo[] {
  const words = view.text.toLowerCase().split(/\s+/).filter(Boolean);
  return workspaces.filter(
    (workspace) =>
      (view.statuses.length === 0 || view.statuses.includes(workspace.status)) &&
      (!view.needs || around.needs.has(workspace.id)) &&
      (view.changed !== "day" || hasChanged(workspace, around)) &&
      (view.changed !== "visit" || around.news.has(workspace.id)) &&
      words.every((word) => matches(workspace, word)),
  );
}

/** `status:running` is one word of the filter; every other is looked for in all that names a workspace. */
function matches({ name, repo, branch, execution, status }: WorkspaceInfo, word: string): boolean {
  if (word.startsWith("status:")) {
    const wanted = word.slice("status:".length);
    return status.startsWith(wanted === "failed" ? "error" : wanted);
  }
  return [name, repo, branch, execution?.id, execution?.role].some((text) => text?.toLowerCase().includes(word));
}

/** Whether something happened in it within a day. */
export function hasChanged(workspace: WorkspaceInfo, { tasks, now }: Pick<Surroundings, "tasks" | "now">): boolean {
  return now - activityOf(workspace, tasks.get(workspace.id)) < DAY_MS;
}

/** When it was last used, or its task last became another; in milliseconds. */
export function activityOf({ lastUsed }: WorkspaceInfo, task: TaskInfo | undefined): number {
  return Math.max(Date.parse(lastUsed), task === undefined ? 0 : Date.parse(task.changedAt));
}

function sort(workspaces: readonly WorkspaceInfo[], { column, descending }: Sort, around: Surroundings) {
  // They come newest first, and stay so among equals.
  if (column === undefined) return descending === NEWEST.descending ? workspaces : workspaces.toReversed();
  const sign = descending ? -1 : 1;
  return workspaces
    .map((workspace) => ({ workspace, key: keyOf(workspace, column, around) }))
    .sort((a, b) => {
      // What has nothing in this column stands below, whichever way it is sorted.
      if (a.key === undefined || b.key === undefined) return Number(a.key === undefined) - Number(b.key === undefined);
      return sign * compare(a.key, b.key);
    })
    .map(({ workspace }) => workspace);
}

function compare(a: string | number, b: string | number): number {
  return typeof a === "number" && typeof b === "number" ? a - b : NAMES.compare(String(a), String(b));
}

/** `demo-2` before `demo-10`. */
const NAMES = new Intl.Collator("en", { numeric: true });

function keyOf(workspace: WorkspaceInfo, column: Column, around: Surroundings): string | number | undefined {
  const { id, name, repo, branch, status, pullRequest, diskBytes } = workspace;
  switch (column) {
    case "name":
      return name;
    case "status":
      return ["error", "creating", "running", "stopped"].indexOf(status);
    case "repo":
      return repo;
    case "branch":
      return branch;
    case "pull-request":
      return pullRequest?.number;
    case "task":
      return around.needs.has(id) ? 0 : taskRank(around.tasks.get(id));
    case "activity":
      return activityOf(workspace, around.tasks.get(id));
    case "cpu":
      return around.usage(id)?.cpuPercent;
    case "memory":
      return around.usage(id)?.memoryBytes;
    case "disk":
      return diskBytes;
  }
}

/** Those that ask somebody first, then what runs, what waits, what is over. */
const RANKS: Readonly<Record<TaskInfo["status"], number>> = {
  waiting_input: 1,
  auth_failed: 1,
  limited: 2,
  running: 3,
  pending: 4,
  failed: 5,
  completed: 6,
  cancelled: 6,
};

export function taskRank(task: TaskInfo | undefined): number | undefined {
  return task === undefined ? undefined : RANKS[task.status];
}

function toRow(workspace: WorkspaceInfo): ListItem {
  return { kind: "row", key: workspace.id, workspace };
}
