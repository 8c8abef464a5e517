import { excerpt, WsError, type Handler } from "@ws/workspace-core";
import type { Caller } from "./caller.ts";
import { refusedToHandler } from "./handler-procedures.ts";
import type { Rule } from "./rules/rule.ts";

const STRENGTH = { read: 1, write: 2, admin: 3 } as const;

/** The id of the live workspace with this name, or with this task. */
export type FindWorkspace = (named: string) => string | undefined;

/**
 * Throws `unauthorized`, also for a token that has ended since it was looked at, or `forbidden`, naming what is needed. Without the procedure's path nothing is for a token of a pipeline,
 * and without `withTask` no task stands for its workspace.
 */
export function authorize(
  caller: Caller | undefined,
  rule: Rule,
  input: unknown,
  find: FindWorkspace,
  path?: readonly string[],
  withTask?: FindWorkspace,
): void {
  if (rule.needs === "open") return;
  if (caller === undefined) {
    throw new WsError("unauthorized", {
      message: "A token is needed.",
      next: "On the worker: ws pair for a device, ws token create NAME for a script.",
      data: { reason: "missing" },
    });
  }
  // It may have ended while the body of the request was still coming.
  caller.token?.gone.throwIfAborted();
  if (caller.handler !== undefined) {
    const refused = refusedToHandler(caller.handler, path, input);
    if (refused !== undefined) throw notForPipelines(caller.handler, refused.field);
  }
  if (caller.scope === "uplink") throw forLinksOnly();
  if (caller.scope === "metrics") throw forMetricsOnly();
  if (rule.needs === "any") return;
  if (caller.scope === "workspace") {
    const { name, ...others } = (input ?? {}) as Record<string, unknown>;
    const { task } = others;
    const isByTask = name === undefined && rule.byTask === true;
    const place = isByTask ? { key: task, find: withTask } : { key: name, find };
    const asked = typeof place.key === "string" ? place.find?.(place.key) : undefined;
    // By id: a name can be given to another workspace, and the token must not go with it.
    if (asked !== undefined && asked === caller.workspace && mayCall(rule, Object.keys(others))) return;
    if (rule.tellsOwn === true && Object.keys(input ?? {}).length === 0) return;
    if (rule.ownWorkspace !== undefined && name === undefined) throw forOneWorkspace(rule);
  } else if (STRENGTH[caller.scope] >= STRENGTH[rule.needs]) return;
  throw new WsError("forbidden", {
    message:
      caller.countedFor === undefined
        ? `This token may not do that: it needs the scope '${rule.needs}'.`
        : `The hub may not do that on this worker, or not for this token: it needs the scope '${rule.needs}'.`,
    next: nextFor(caller, rule.needs),
    data: { needs: rule.needs },
  });
}

/** The same of a task that is another's and of one that there is not. */
function forOneWorkspace({ needs, byTask }: Rule): WsError<"forbidden"> {
  const wanting = byTask === true ? "which has no such task" : "which the call has to name";
  const own = byTask === true ? "Ask for a task of that workspace" : "Add the workspace's name ('name')";
  return new WsError("forbidden", {
    message: `This token is for one workspace only, ${wanting}.`,
    next: `${own}, or create a token for all: ws token create NAME --scope ${needs}.`,
    data: { needs },
  });
}

/** Of a hub's caller either the worker's grant or the token at the hub is too little; here nobody knows which. */
function nextFor({ countedFor }: Caller, needs: string): string {
  if (countedFor === undefined) return `Create one that may: ws token create NAME --scope ${needs}.`;
  return `On the worker, let its hub do so: ws agent run --hub URL --hub-grant ${needs}. The token that is used at the hub needs that scope, too.`;
}

function forLinksOnly(): WsError<"forbidden"> {
  return new WsError("forbidden", {
    message: "This token is a worker's, for its link to this agent only.",
    next: "Make one for calls: ws token create NAME.",
    data: { needs: "read" },
  });
}

function forMetricsOnly(): WsError<"forbidden"> {
  return new WsError("forbidden", {
    message: "This token is for /metrics only.",
    next: "Make one for calls: ws token create NAME.",
    data: { needs: "read" },
  });
}

function notForPipelines({ kind, settings }: Handler, field: string | undefined): WsError<"forbidden"> {
  const work = WORK[kind](settings.repo);
  const why = field === undefined ? "as far as it was allowed" : `for which it may not say '${excerpt(field)}'`;
  return new WsError("forbidden", {
    message: `This token is for ${work} only, ${why}.`,
    next: "Create one that may do more: ws token create NAME.",
    data: { needs: "write" },
  });
}

const WORK: Readonly<Record<Handler["kind"], (name: string) => string>> = {
  fetch: (name) => `fetching from '${name}'`,
  publish: (name) => `publishing to '${name}'`,
  terminal: (name) => `watching a terminal of '${name}'`,
};

function mayCall({ ownWorkspace }: Rule, others: readonly string[]): boolean {
  if (ownWorkspace === undefined || ownWorkspace === true) return ownWorkspace === true;
  return others.every((field) => ownWorkspace.mayAlsoSay.includes(field));
}
