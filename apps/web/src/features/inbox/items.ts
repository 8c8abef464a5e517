import type { EgressRefusal, TaskInfo, UsageBudget } from "@ws/rpc-contract";

/** One thing that waits for somebody. `key` is the same for as long as it is the same thing. */
export type InboxItem = { key: string; /** Since when, in milliseconds. */ since: number } & (
  | { kind: "task"; task: TaskInfo }
  /** A usage limit, once for all that it holds. */
  | { kind: "limit"; account: string; task: TaskInfo; held: readonly TaskInfo[] }
  | { kind: "failed"; task: TaskInfo }
  /** Hosts that programs of a workspace were not connected to. */
  | { kind: "egress"; id: string; workspace: string; refusals: readonly EgressRefusal[] }
  /** A budget that is spent, or nearly: of this day, this month or an execution. */
  | { kind: "budget"; of: string; spent: number; limit: number; passed: 80 | 100; held?: string | undefined }
);

/** What a workspace was refused. */
export interface Refused {
  id: string;
  workspace: string;
  refusals: readonly EgressRefusal[];
}

/** How long a failure is news. */
const NEWS_MS = 7 * 86_400_000;

interface Known {
  /** All that are not over. */
  live: Iterable<TaskInfo>;
  failed: Iterable<TaskInfo>;
  refused: Iterable<Refused>;
  /** Absent where it is not known, or not for whoever looks. */
  budget?: UsageBudget | undefined;
  /** Whether somebody has looked at what failed, or was refused. */
  isSeen: (key: string) => boolean;
  /** Failures before this instant are older than the first look. */
  lookedSince: number;
  now: number;
}

/** What waits for somebody: whoever is blocked longest first, and then what failed, the last first. */
export function itemsOf({ live, failed, refused, budget, isSeen, lookedSince, now }: Known): InboxItem[] {
  const all = [...live];
  const blocked: InboxItem[] = [];
  const limits = new Map<string, TaskInfo[]>();
  for (const task of all) {
    if (task.status === "waiting_input" || task.status === "auth_failed") {
      blocked.push({ kind: "task", key: keyOf(task), since: sinceOf(task), task });
    }
    if (task.status !== "limited") continue;
    const account = task.account ?? task.id;
    limits.set(account, [...(limits.get(account) ?? []), task]);
  }
  for (const [account, tasks] of limits) {
    // The one that is held longest says until when.
    const [task] = tasks.toSorted((a, b) => (b.notBefore ?? "").localeCompare(a.notBefore ?? ""));
    if (task === undefined) continue;
    const held = all.filter((other) => other.account === account && other.status === "pending");
    const since = Math.min(...tasks.map(sinceOf));
    blocked.push({ kind: "limit", key: `limit ${account}`, since, account, task, held: [...tasks, ...held] });
  }
  for (const { id, workspace, refusals } of refused) {
    const fresh = refusals.filter((refusal) => !isSeen(refusalKey(id, refusal)));
    const since = Math.min(...fresh.map(({ first }) => Date.parse(first)));
    const key = `egress ${id} ${fresh.map(({ host, port }) => `${host}:${port}`).join(" ")}`;
    if (fresh.length > 0) blocked.push({ kind: "egress", key, since, id, workspace, refusals: fresh });
  }
  if (budget !== undefined) blocked.push(...warnings(budget, now).filter(({ key }) => !isSeen(key)));
  const failures: InboxItem[] = [];
  for (const task of failed) {
    const since = Date.parse(task.completedAt ?? task.createdAt);
    if (task.status !== "failed" || since < lookedSince || now - since > NEWS_MS || isSeen(keyOf(task))) continue;
    failures.push({ kind: "failed", key: keyOf(task), since, task });
  }
  blocked.sort((a, b) => a.since - b.since);
  failures.sort((a, b) => b.since - a.since);
  return [...blocked, ...failures];
}

/** Each warning once for each day, month or execution, and for each limit: another one is another thing. */
function warnings({ day, month, executions, held }: UsageBudget, now: number): InboxItem[] {
  const uses = [
    ...(day === undefined ? [] : [{ ...day, of: "this day", period: day.from, held }]),
    ...(month === undefined ? [] : [{ ...month, of: "this month", period: month.from, held }]),
    ...executions.map((each) => ({ ...each, of: each.execution, period: each.execution, held: undefined })),
  ];
  return uses.flatMap(({ passed, of, period, spent, limit, held: why }) => {
    if (passed === undefined) return [];
    const key = `budget ${of} ${period} ${limit} ${passed}`;
    // When it was passed nobody knows: it was just now for whoever looks.
    return [
      { kind: "budget" as const, key, since: now, of, spent, limit, passed, ...(passed === 100 ? { held: why } : {}) },
    ];
  });
}

/** Once for each host, however often it is refused. One that was allowed and then found at a private address asks for another rule: that is news again. */
export function refusalKey(
  workspace: string,
  { host, port, rule }: Pick<EgressRefusal, "host" | "port" | "rule">,
): string {
  return `refused ${workspace} ${host}:${port}${rule?.endsWith("/private") === true ? "/private" : ""}`;
}

/** Another question of the same task is another thing. */
export function keyOf({ id, status, attempt }: TaskInfo): string {
  return `${id} ${status} ${attempt}`;
}

function sinceOf({ changedAt }: TaskInfo): number {
  return Date.parse(changedAt);
}

export function budgetTitle({ of, passed }: Extract<InboxItem, { kind: "budget" }>): string {
  return `The budget of ${of} is ${passed === 100 ? "spent" : "nearly spent"}`;
}
