import { canonicalJson } from "../canonical-json.ts";
import { WsError } from "../errors.ts";
import { excerpt } from "../names.ts";
import { asTyped } from "../shell-word.ts";
import type { AgentSpec, TaskId, TaskLease, TaskRecord, TaskRights, TaskSpec } from "./task.ts";
import type { TaskPlace } from "./task-workspaces.ts";

export interface TaskRequest {
  /** The workspace's name. */
  workspace: string;
  spec: TaskSpec;
  /** The command's own words where absent. */
  title?: string;
  /** From -100 to 100; 0 where absent. */
  priority?: number;
  /** Begins once these are completed. */
  dependsOn?: readonly TaskId[];
  /** How often it is tried again after a failure; never where absent. */
  retries?: number;
  /** Whether it may be run again where its workspace went while it ran. */
  restartable?: boolean;
  /** Ends each attempt after so long; where absent, code after 5 seconds and a coding tool after two hours. */
  timeoutMs?: number;
  /** Not begun before this instant, in milliseconds since the epoch. */
  notBefore?: number;
  /** The larger job it is part of; its workspace's where absent. */
  execution?: string;
  /** Repeating a request under one key gives the task it made; another request under it is refused. */
  key?: string;
  /** Whose task it is. */
  createdBy: string;
  /** What that may do. */
  rights?: TaskRights;
  /** Whose creations it counts among, where these are limited. */
  countedFor?: string;
}

/** What is asked for in a numbered workspace of its own. */
export type LeasedTaskRequest = Omit<TaskRequest, "workspace"> & { lease: Omit<TaskLease, "id"> };

const TIMEOUTS_MS = { command: undefined, code: 5_000, agent: 7_200_000 } as const;
const MOST_BYTES = 128 * 1024;
const MOST_INPUT_BYTES = 1024 * 1024;
const WEEK_MS = 7 * 86_400_000;

/** The record of a new task. Throws `invalid_input` with its field. */
export function admitTask(
  request: Omit<TaskRequest, "workspace">,
  place: Pick<TaskPlace, "id" | "execution">,
  { id, now, ...origin }: { id: TaskId; now: number; retryOf?: TaskId; followUpOf?: TaskId; lease?: TaskLease },
): TaskRecord {
  const { spec, title = titleOf(spec), priority = 0, retries = 0, restartable = false } = request;
  const { notBefore, key, createdBy, rights, execution = place.execution } = request;
  const timeoutMs = request.timeoutMs ?? TIMEOUTS_MS[spec.kind];
  const dependsOn = [...new Set(request.dependsOn ?? [])];
  requireSpec(spec);
  requireThat(/^[^\p{Cc}]{1,200}$/u.test(title), "title", "A title has 1 to 200 characters, on one line");
  requireThat(isWithin(priority, -100, 100), "priority", "A priority is a whole number from -100 to 100");
  requireThat(isWithin(retries, 0, 100), "retries", "A task is tried again from 0 to 100 times");
  requireThat(dependsOn.length <= 100, "dependsOn", "A task depends on 100 others at most");
  requireThat(key === undefined || /^[^\p{Cc}]{1,200}$/u.test(key), "key", "A key has 1 to 200 characters");
  requireThat(
    timeoutMs === undefined || isWithin(timeoutMs, 1, WEEK_MS),
    "timeoutMs",
    "A time limit is at most a week",
  );
  requireThat(notBefore === undefined || isWithin(notBefore, 0, 8.64e15), "notBefore", "An instant is in milliseconds");
  return {
    id,
    workspace: place.id,
    title,
    spec,
    status: "pending",
    priority,
    dependsOn,
    retries,
    retriesLeft: retries,
    restartable,
    losses: 0,
    createdAt: now,
    changedAt: now,
    attempt: 0,
    createdBy,
    ...(rights === undefined ? {} : { rights }),
    ...(execution === undefined ? {} : { execution }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(notBefore === undefined ? {} : { notBefore }),
    ...origin,
    ...(key === undefined ? {} : { key }),
  };
}

/** Whether two tasks were asked for alike; when a task begins is not part of it, because that passes. */
export function isSameRequest(one: TaskRecord, other: TaskRecord): boolean {
  return askedFor(one) === askedFor(other);
}

const ASKED = ["title", "priority", "dependsOn", "retries", "restartable", "timeoutMs", "execution"] as const;

function askedFor(record: TaskRecord): string {
  const { spec, lease } = record;
  // What an action is about may read otherwise by now; it is the same action all the same.
  const asked = isAction(spec) ? { ...spec, prompt: "" } : spec;
  const { reference = null, profile = null } = lease ?? {};
  return canonicalJson([asked, reference, profile, ...ASKED.map((field) => record[field] ?? null)]);
}

function isAction(spec: TaskSpec): boolean {
  return spec.kind === "agent" && spec.about !== undefined;
}

function titleOf(spec: TaskSpec): string {
  return excerpt(wordsOf(spec).replace(/\s+/g, " ").trim()) || "task";
}

function wordsOf(spec: TaskSpec): string {
  if (spec.kind === "command") return spec.argv.map(asTyped).join(" ");
  return spec.kind === "code" ? `${spec.language} code` : spec.prompt.slice(0, 1_000);
}

function requireSpec(spec: TaskSpec): void {
  if (spec.kind === "agent") return requireAgentSpec(spec);
  if (spec.kind === "code") {
    requireThat(isText(spec.code, MOST_INPUT_BYTES), "code", "Code is at most 1 MiB of text");
    return;
  }
  const { argv, cwd, env = {}, stdin = "" } = spec;
  requireThat(argv[0] !== "" && isText(argv.join(""), MOST_BYTES), "argv", "A command is at most 128 KiB of text");
  requireThat(
    cwd === undefined || (cwd.startsWith("/") && isText(cwd, 4_096)),
    "cwd",
    "A directory is an absolute path",
  );
  const names = Object.keys(env);
  const odd = names.find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  requireThat(odd === undefined, "env", `'${excerpt(odd ?? "")}' is no name of a variable`);
  requireThat(isText(Object.values(env).join(""), MOST_BYTES), "env", "Variables are at most 128 KiB of text");
  requireThat(isText(stdin, MOST_INPUT_BYTES), "stdin", "Input is at most 1 MiB of text");
}

function requireAgentSpec({ tool, prompt, model, session, action }: AgentSpec): void {
  requireThat(NAME.test(tool), "tool", "A coding tool is named with letters, digits, '-', '_' and '.'");
  requirePrompt(prompt);
  // Both become arguments: none may be taken for an option.
  requireThat(
    model === undefined || WORD.test(model),
    "model",
    "A model is named in one word of 200 characters at most",
  );
  requireThat(session === undefined || WORD.test(session), "session", "A session is named in one word");
  requireThat(action === undefined || NAME.test(action), "action", "An action is named with letters, digits and '-'");
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const WORD = /^[A-Za-z0-9][A-Za-z0-9._:/@[\]+-]{0,199}$/;

/** Throws `invalid_input`. */
export function requirePrompt(prompt: string): void {
  requireThat(prompt.trim() !== "", "prompt", "A prompt says something");
  requireThat(isText(prompt, MOST_INPUT_BYTES), "prompt", "A prompt is at most 1 MiB of text");
}

function isText(text: string, most: number): boolean {
  return text.length <= most && !text.includes("\0");
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function requireThat(isSo: boolean, field: string, rule: string): void {
  if (isSo) return;
  throw new WsError("invalid_input", { message: `${rule}.`, next: "Correct it and try again.", data: { field } });
}
