import { createHash, randomBytes } from "node:crypto";
import type { ComparisonInfo, TaskInput } from "@ws/rpc-contract";
import {
  excerpt,
  isWsError,
  suggestName,
  WsError,
  type CreateRequest,
  type PolicyRules,
  type Tasks,
  type WorkspaceRecord,
  type Workspaces,
} from "@ws/workspace-core";
import { contextOf, resolveClone } from "../providers/resolve.ts";
import { createTask } from "../rpc/create-task.ts";
import type { RequestContext, Services, Worker } from "../rpc/context.ts";
import { withDevcontainer } from "../rpc/devcontainer.ts";
import { withoutAbsent } from "../without-absent.ts";
import { attemptsOf, roleOf, PATTERN } from "./attempts-of.ts";
import type { Turns } from "./turns.ts";

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
  turns: Turns;
  signal: AbortSignal | undefined;
}

/** Nobody waits for an attempt with a running clock: it stays until one is picked, or for a week. */
const TTL_MS = 7 * 86_400_000;

/**
 * Begins a workspace for each attempt and queues the task in it. What was begun goes again where one of them is refused. Resolves to the
 * comparison's id. Throws `invalid_input` where it is said of neither or both what the attempts are of, and what a create and a task throw.
 */
export async function startAttempts(input: StartInput, call: Call): Promise<ComparisonInfo["id"]> {
  const shape = await shapeOf(input, call);
  const id = idOf(input.idempotencyKey, call.context);
  // Sent twice at once under one key, the second goes on where the first came to.
  await call.turns.run(id, () => startAll(id, shape, input, call));
  return id;
}

async function startAll(id: string, { request, rules }: Shape, input: StartInput, call: Call): Promise<void> {
  const { workspaces } = call.worker;
  const begun: WorkspaceRecord[] = [];
  try {
    for (let number = 1; number <= input.count; number += 1) {
      const known = attemptsOf(workspaces, id).find(({ execution }) => execution?.role === roleOf(number));
      const execution = { id, role: roleOf(number), patternName: PATTERN };
      const record =
        known ?? (await begin(workspaces, { ...request, execution, ttlMs: TTL_MS, autoCleanup: false }, number));
      if (known === undefined) begun.push(record);
      // Before anything can be done in it.
      if (rules !== undefined) workspaces.policies.change(record.name, { set: rules });
      await createTask(taskOf(input, { id, number, name: record.name }), { ...call, workspaces });
    }
  } catch (error) {
    // They were made a moment ago, and nobody has seen them yet.
    await Promise.all(begun.map(({ name }) => workspaces.delete(name, { force: true }).catch(() => undefined)));
    throw error;
  }
}

/** Under the first name that is free; somebody may take it at the same moment. */
async function begin(workspaces: Workspaces, request: CreateRequest, number: number): Promise<WorkspaceRecord> {
  for (let again = 0; ; again += 1) {
    const name = named(request.name, again === 0 ? `-${number}` : `-${number}-${again}`);
    if (workspaces.list().some((other) => other.name === name)) continue;
    try {
      return await workspaces.begin({ ...request, name });
    } catch (error) {
      if (!isWsError(error, "name_taken")) throw error;
    }
  }
}

function named(stem: string, ending: string): string {
  return `${stem.slice(0, 63 - ending.length).replace(/-+$/, "")}${ending}`;
}

interface Shape {
  /** Its name is what their names begin with. */
  request: CreateRequest;
  /** What may be done in them, where the workspace that they are of has rules of its own. */
  rules?: PolicyRules;
}

/** What each attempt's workspace is made of. */
async function shapeOf(input: StartInput, call: Call): Promise<Shape> {
  const { name, clone, base } = input;
  const { worker, services, context, signal } = call;
  if ((name === undefined) === (clone === undefined)) throw neither();
  if (name !== undefined) return shapeLike(worker.workspaces.get(name), input, call);
  const reference = contextOf(context.caller, { signal, mayCreate: true });
  const { branch, ...resolved } = await resolveClone(services.providers, { clone, branch: undefined, base }, reference);
  const url = resolved.clone ?? "";
  const stem = suggestName(url.replace(/\.git$/, "").replace(/^.*[/:]/, "")) ?? "attempt";
  const profile = profileOf(input, worker.runtime().runtime);
  return {
    request: followed({ name: stem, clone: url, profile, ...withoutAbsent({ base: resolved.base ?? branch }) }, call),
  };
}

/** As a workspace is, from where it began: with its variables, whose values nobody is told, and what else it was given. */
function shapeLike(record: WorkspaceRecord, input: StartInput, call: Call): Shape {
  const { name, runtime, repository, image, limits, credentials, env, devcontainer, policy, egress } = record;
  if (repository === undefined) throw nothingToClone(name);
  const { url: clone, checkout, baseBranch } = repository;
  const base = input.base ?? baseBranch;
  const profile = profileOf(input, runtime);
  const given = withoutAbsent({ credentials, checkout, base, egress });
  const request = { name, clone, runtime, limits, env, profile, ...given };
  const shaped: CreateRequest =
    devcontainer === undefined
      ? { ...request, ...withoutAbsent({ image }) }
      : // Its image is one that was made for it; so is that of each attempt.
        followed({ ...request, devcontainer: devcontainer.mode }, call);
  return { request: shaped, ...(policy === undefined ? {} : { rules: policy }) };
}

function followed(request: CreateRequest, { worker, services, context }: Call): CreateRequest {
  const { policies } = worker.workspaces;
  return withDevcontainer(request, { config: services.config, policies, layers: context.caller?.policy });
}

/** What a tool does in a container is not trusted with the network, unless somebody says so. */
function profileOf({ profile }: StartInput, runtime: string): "person" | "agent" {
  return profile ?? (runtime === "docker" ? "agent" : "person");
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
