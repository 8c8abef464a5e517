import { quickAnswers, type Question } from "./quick-answers.ts";

/** What is to be shown, or is over. */
export type News = Shown | { tag: string; over: true };

export interface Shown {
  /** One of the same tag takes the place of the one before. */
  tag: string;
  title: string;
  body: string;
  /** Of the dashboard: where a press leads. */
  path: string;
  /** It says only what became of another. */
  silent?: boolean | undefined;
  asks?: Asks | undefined;
}

/** A question that can be answered where it is shown. */
export interface Asks extends Question {
  task: string;
  /** Which try of the task asks: another question is another try. */
  attempt: number;
  permissions?: string | undefined;
  /** Of the worker that is asked, from the dashboard's own origin on: empty for its own. */
  base: string;
}

/** What a notification keeps. */
export interface Kept {
  path: string;
  asks?: Asks | undefined;
}

interface Options extends NotificationOptions {
  data: Kept;
  renotify: boolean;
  actions: readonly { action: string; title: string }[];
}

/** Any origin: `//host`, `/\host` and what more browsers take for it would be another. */
const HERE = "https://here.invalid";
/** As it is shown it is sent: nothing in it may be hidden, or turn what is seen around. */
const PLAIN = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,40}$/u;
/** Browsers show two at most: all of them, or none. */
const MOST_ANSWERS = 2;

/** Of what came from the worker or from a page; undefined for what is none. */
export function newsOf(given: unknown): News | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  const { tag, title, body, path, over, silent, asks } = given as Record<keyof Shown | "over", unknown>;
  if (typeof tag !== "string") return undefined;
  if (over === true) return { tag, over };
  if (typeof title !== "string" || typeof body !== "string" || typeof path !== "string") return undefined;
  if (!path.startsWith("/") || new URL(path, HERE).origin !== HERE) return undefined;
  return { tag, title, body, path, silent: silent === true, asks: asksOf(asks) };
}

/** As the browser is told to show it. */
export function optionsOf({ tag, body, path, silent = false, asks }: Shown): Options {
  const answers = asks === undefined ? [] : quickAnswers(asks, asks.permissions);
  const isShort = answers.length <= MOST_ANSWERS;
  return {
    body,
    tag,
    silent,
    // Another question of the same task is heard, too.
    renotify: !silent,
    data: { path, ...(isShort && asks !== undefined && { asks }) },
    actions: isShort ? answers.map(({ label }, at) => ({ action: String(at), title: label })) : [],
    icon: "/icons/192.png",
    badge: "/icons/badge-96.png",
  };
}

function asksOf(given: unknown): Asks | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  const { task, attempt, reason, permissions, base = "", options = [] } = given as Record<keyof Asks, unknown>;
  const isTask = typeof task === "string" && /^[\w-]+$/.test(task) && Number.isSafeInteger(attempt);
  const isOurs = typeof base === "string" && /^(?:\/on\/[\w.-]+)?$/.test(base);
  if (
    !isTask ||
    !isOurs ||
    !Array.isArray(options) ||
    options.some((option) => typeof option !== "string" || !PLAIN.test(option))
  )
    return undefined;
  return {
    task,
    attempt: Number(attempt),
    base,
    options,
    reason: reason === "permission" ? reason : "question",
    permissions: typeof permissions === "string" ? permissions : undefined,
  };
}
