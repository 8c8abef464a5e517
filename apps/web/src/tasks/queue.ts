import type { TaskInfo } from "@ws/rpc-contract";
import { isOver } from "./live-tasks.ts";

/** Why a task has not begun. */
export type Waiting =
  | { why: "held"; message: string; next?: string | undefined }
  | { why: "after"; tasks: readonly string[] }
  | { why: "later"; until: number; again: boolean }
  /** It, or another task of its account, met a usage limit. */
  | { why: "limit"; until: number; account: string }
  /** `place` is its place in its workspace's queue, from 1; `running` how many run there. */
  | { why: "turn"; place: number; running: number };

/** Why each task that waits does so, by id. Of another workspace's tasks nothing has to be known: each has a queue of its own. */
export function waitingOf(tasks: Iterable<TaskInfo>, now: number): Map<string, Waiting> {
  const all = [...tasks];
  const byId = new Map(all.map((task) => [task.id, task]));
  const running = new Map<string, number>();
  for (const { status, workspaceId } of all) {
    if (status === "running") running.set(workspaceId, (running.get(workspaceId) ?? 0) + 1);
  }
  const limits = new Map<string, number>();
  const waiting = new Map<string, Waiting>();
  for (const { id, status, account = "", notBefore } of all) {
    const until = notBefore === undefined ? 0 : Date.parse(notBefore);
    if (status !== "limited" || until <= now) continue;
    limits.set(account, Math.max(until, limits.get(account) ?? 0));
    waiting.set(id, { why: "limit", until, account });
  }
  const places = new Map<string, number>();
  const pending = all.filter(({ status }) => status === "pending");
  // As the worker chooses: the higher priority first, and the older one within it.
  pending.sort((a, b) => b.priority - a.priority || a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id));
  for (const task of pending) {
    const { id, workspaceId, waits, account } = task;
    const before = task.dependsOn.flatMap((other) => {
      const known = byId.get(other);
      return known !== undefined && !isOver(known) ? [known.title] : [];
    });
    const until = task.notBefore === undefined ? 0 : Date.parse(task.notBefore);
    if (before.length > 0) waiting.set(id, { why: "after", tasks: before });
    else if (until > now) waiting.set(id, { why: "later", until, again: task.attempt > 0 });
    else if (account !== undefined && limits.has(account)) {
      waiting.set(id, { why: "limit", until: limits.get(account) ?? 0, account });
    } else if (waits !== undefined) waiting.set(id, { why: "held", message: waits.message, next: waits.next });
    else {
      // Those that take workspaces for themselves wait by what these are made of.
      const queue = workspaceId || (task.reference ?? "");
      const place = (places.get(queue) ?? 0) + 1;
      places.set(queue, place);
      waiting.set(id, { why: "turn", place, running: running.get(workspaceId) ?? 0 });
    }
  }
  return waiting;
}

/** In words, as a sentence that stands by itself. */
export function waitingText(waiting: Waiting, now: number): string {
  switch (waiting.why) {
    case "held":
      return waiting.message;
    case "after": {
      const [first = "", ...more] = waiting.tasks;
      return `Begins after “${first}”${more.length === 0 ? "" : ` and ${more.length} more`}.`;
    }
    case "later":
      return `${waiting.again ? "Tries again" : "Begins"} ${moment(waiting.until, now)}.`;
    case "limit":
      return `Its account has met its usage limit: it goes on ${moment(waiting.until, now)}.`;
    case "turn": {
      const { place, running } = waiting;
      const why = running === 0 ? "" : `: ${running} ${running === 1 ? "runs" : "run"} here now`;
      return place === 1 ? `Next in the queue${why}.` : `Number ${place} in the queue${why}.`;
    }
  }
}

/** A coming instant: what is near as a count, what is far as a clock. */
export function moment(until: number, now: number): string {
  const seconds = Math.ceil((until - now) / 1_000);
  if (seconds <= 0) return "now";
  if (seconds < 100) return `in ${seconds} s`;
  return `at ${clock(until, now)}`;
}

/** `14:05`, with its day where that is not today. */
export function clock(at: number, now: number): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.toLocaleDateString([], { weekday: "short", day: "numeric", month: "short" })}, ${time}`;
}
