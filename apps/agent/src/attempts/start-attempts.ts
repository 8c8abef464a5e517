import { createHash, randomBytes } from "node:crypto";
import type { ComparisonInfo, TaskInput } from "@ws/rpc-contract";
import {
  excerpt,
  suggestName,
  WsError,
  type CreateRequest,
  type Tasks,
  type WorkspaceRecord,
  type Workspaces,
} from "@ws/workspace-core";
import { contextOf, resolveClone } from "../providers/resolve.ts";
import { createTask } from "../rpc/create-task.ts";
import type { RequestContext, Services, Worker } from "../rpc/context.ts";
import { withoutAbsent } from "../without-absent.ts";
import { attemptsOf, roleOf, PATTERN } from "./attempts-of.ts";

/** What a call asks for; see `attempts.start`. */
export interface StartInput {
  name?: string | undefined;
  clone?: string | undefined;
  base?: string | undefined;
  spec: Exclude<TaskInput["spec"], { kind: "action" }>;
  count: number;
  agents?: { tool?: string | undefined; model?: string | undefined }[] | undefined;
  title?: string | undefined;
  profile?: "person" | "agent" | undefined;
  timeoutSeconds?: number | undefined;
  idempotencyKey?: string | undefined;
}

interface Call {
  tasks: Pick<Tasks, "create">;
  worker: Worker;
  services: Pick<Services, "config" | "state" | "closing" | "providers">;
  context: RequestContext;
  signal: AbortSignal | undefined;
}

/** Nobody waits for an attempt with a running clock: it stays until one is picked, or for a week. */
const TTL_MS = 7 * 86_400_000;

/**
 * Begins a workspace for each attempt and queues the task in it. What was begun goes again where one of them is refused. Resolves to the
 * comparison's id. Throws `invalid_input` where it is said of neither or both what the attempts are of, and what a create and a task throw.
 */
export async function startAttempts(input: StartInput, call: Call): Promise<ComparisonInfo["id"]> {
  const { worker, context } = call;
  const { workspaces } = worker;
  const shape = await shapeOf(input, call);
  const id = idOf(input.idempotencyKey, context);
  const begun: WorkspaceRecord[] = [];
  try {
    for (let number = 1; number <= input.count; number += 1) {
      const known = attemptsOf(workspaces, id).find(({ execution }) => execution?.role === roleOf(number));
      const execution = { id, role: roleOf(number), patternName: PATTERN };
      const record =
        known ?? (await begin(workspaces, { ...shape, execution, ttlMs: TTL_MS, autoCleanup: false }, number));
      if (known === undefined) begun.push(record);
      await createTask(taskOf(input, { id, number, name: record.name }), { ...call, workspaces });
    }
  } catch (error) {
    // They were made a moment ago, and nobody has seen them yet.
    await Promise.all(begun.map(({ name }) => workspaces.delete(name, { force: true }).catch(() => undefined)));
    throw error;
  }
  return id;
}

async function begin(workspaces: Workspaces, shape: CreateRequest, number: number): Promise<WorkspaceRecord> {
  const taken = new Set(workspaces.list().map(({ name }) => name));
  const ending = (again: number) => (again === 0 ? `-${number}` : `-${number}-${again}`);
  let again = 0;
  while (taken.has(named(shape.name, ending(again)))) again += 1;
  return workspaces.begin({ ...shape, name: named(shape.name, ending(again)) });
}

function named(stem: string, ending: string): string {
  return `${stem.slice(0, 63 - ending.length).replace(/-+$/, "")}${ending}`;
}

/** What each attempt's workspace is made of; its name is what their names begin with. */
async function shapeOf(input: StartInput, { worker, services, context, signal }: Call): Promise<CreateRequest> {
  const { name, clone, base, profile: asked } = input;
  const { runtime } = worker.runtime();
  const profile = asked ?? (runtime === "docker" ? "agent" : "person");
  if ((name === undefined) === (clone === undefined)) throw neither();
  if (name !== undefined) {
    const { repository, image, limits, credentials } = worker.workspaces.get(name);
    if (repository === undefined) throw nothingToClone(name);
    const from = base ?? repository.baseBranch;
    return { name, clone: repository.url, limits, profile, ...withoutAbsent({ image, credentials, base: from }) };
  }
  const reference = contextOf(context.caller, { signal, mayCreate: true });
  const { branch, ...resolved } = await resolveClone(services.providers, { clone, branch: undefined, base }, reference);
  const url = resolved.clone ?? "";
  const stem = suggestName(url.replace(/\.git$/, "").replace(/^.*[/:]/, "")) ?? "attempt";
  return { name: stem, clone: url, profile, ...withoutAbsent({ base: resolved.base ?? branch }) };
}

function taskOf(input: StartInput, at: { id: string; number: number; name: string }): TaskInput {
  const { spec, agents = [], title, timeoutSeconds } = input;
  const agent = agents[(at.number - 1) % Math.max(1, agents.length)];
  return {
    name: at.name,
    spec: spec.kind === "agent" ? { ...spec, ...withoutAbsent(agent ?? {}) } : spec,
    execution: at.id,
    idempotencyKey: at.id,
    ...withoutAbsent({ title, timeoutSeconds }),
  };
}

/** The same for one key of one caller. */
function idOf(key: string | undefined, { caller }: RequestContext): string {
  const made =
    key === undefined
      ? randomBytes(8)
      : createHash("sha256")
          .update(`${caller?.who ?? "local"}\0${key}`)
          .digest();
  return `${PATTERN}-${made.toString("hex").slice(0, 12)}`;
}

function neither(): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: "Attempts are either of a workspace's repository or of one that is named.",
    next: "Give the workspace's name, or what to clone.",
    data: { field: "name" },
  });
}

function nothingToClone(name: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `The workspace '${excerpt(name)}' has no repository that attempts could begin from.`,
    next: "Name a workspace with one, or what to clone.",
    data: { field: "name" },
  });
}
