import type { AnyContractProcedure } from "@orpc/contract";
import type { Contract } from "@ws/rpc-contract";
import { excerpt, WsError, type Handler } from "@ws/workspace-core";
import type { Caller } from "./caller.ts";
import { refusedToHandler } from "./handler-procedures.ts";

/** `open` needs no token, `any` a good one of whatever scope. */
export type Need = "open" | "any" | "read" | "write" | "admin";

export interface Rule {
  needs: Need;
  /** Whether a `workspace:NAME` token may call it for its own workspace, which the input names. */
  ownWorkspace?: true | { mayAlsoSay: readonly string[] };
  /** Whether the input may name a task in place of the workspace, which is then the one that the task is in. */
  byTask?: true;
  /** Whether such a token may call it without saying anything: the procedure tells it of its own workspace only. */
  tellsOwn?: true;
}

type Rules<C> = { [K in keyof C]: C[K] extends AnyContractProcedure ? Rule : Rules<C[K]> };

const open: Rule = { needs: "open" };
const any: Rule = { needs: "any" };
const read: Rule = { needs: "read" };
const write: Rule = { needs: "write" };
const admin: Rule = { needs: "admin" };
const ownRead: Rule = { ...read, ownWorkspace: true };
const ownWrite: Rule = { ...write, ownWorkspace: true };
const ownTaskRead: Rule = { ...ownRead, byTask: true };
const ownTaskWrite: Rule = { ...ownWrite, byTask: true };

/** Whoever is inside may end its work, but not destroy what is not saved; `force` is judged by the grant. */
const FINALIZE = ["uncommitted", "commitMessage", "push", "force", "pullRequest", "cleanup"];

/** What every procedure needs; one that is missing here does not compile. */
export const RULES: Rules<Contract> = {
  workspaces: {
    list: { ...read, tellsOwn: true },
    get: ownRead,
    create: write,
    delete: write,
    // What it is made of, its runtime above all, is not for whoever is inside to choose.
    start: { needs: "write", ownWorkspace: { mayAlsoSay: ["env"] } },
    stop: ownWrite,
    restart: ownWrite,
    finalize: { needs: "write", ownWorkspace: { mayAlsoSay: FINALIZE } },
    pullRequest: ownRead,
    cleanup: write,
    reap: write,
    fetch: ownWrite,
    rename: write,
    touch: ownWrite,
    logs: ownRead,
    followLogs: ownRead,
    exec: ownWrite,
    events: ownRead,
  },
  files: {
    read: ownRead,
    list: ownRead,
    stat: ownRead,
    find: ownRead,
    grep: ownRead,
    watch: ownRead,
    write: ownWrite,
    edit: ownWrite,
    patch: ownWrite,
    mkdir: ownWrite,
    move: ownWrite,
    remove: ownWrite,
  },
  // Whoever is inside may know what it may do, and gives itself nothing.
  policy: {
    get: ownRead,
    update: admin,
    repositories: { list: read, update: admin },
  },
  // Whoever is inside may know where it may go, and not change that.
  mcpServers: { list: admin, approve: admin },
  egress: { get: ownRead, refusals: ownRead, allow: admin, deny: admin, presets: read },
  git: {
    status: ownRead,
    log: ownRead,
    diff: ownRead,
    show: ownRead,
    blob: ownRead,
    add: ownWrite,
    unstage: ownWrite,
    restore: ownWrite,
    commit: ownWrite,
    pull: ownWrite,
    push: ownWrite,
    branches: {
      list: ownRead,
      create: ownWrite,
      delete: ownWrite,
    },
    checkout: ownWrite,
    stash: {
      list: ownRead,
      push: ownWrite,
      pop: ownWrite,
      drop: ownWrite,
    },
    rebase: {
      start: ownWrite,
      continue: ownWrite,
      abort: ownWrite,
    },
    reset: ownWrite,
  },
  handlers: { packets: ownRead },
  executions: { list: read, end: write, deleteBranches: write },
  tasks: {
    create: ownWrite,
    createLeased: write,
    list: ownRead,
    get: ownTaskRead,
    cancel: ownTaskWrite,
    retry: ownTaskWrite,
    resume: ownTaskWrite,
    tools: ownRead,
    events: ownRead,
    output: ownTaskRead,
  },
  terminals: {
    list: ownRead,
    close: ownWrite,
    rename: ownWrite,
    // Whoever is inside lets nobody else in.
    share: write,
    links: write,
    unshare: write,
    record: ownWrite,
    recording: ownRead,
  },
  info: any,
  doctor: read,
  config: {
    credentials: { get: admin, update: admin },
    scripts: { get: admin, update: admin },
    settings: { list: admin, set: admin, unset: admin },
  },
  credentials: {
    list: admin,
    set: admin,
    remove: admin,
    grant: admin,
    revoke: admin,
    status: admin,
    login: admin,
  },
  tokens: { create: admin, list: admin, revoke: admin },
  auth: { whoami: any, link: admin, exchange: open },
  audit: { list: admin },
  state: { export: read },
  providers: {
    list: read,
    // A first use makes a repository.
    resolve: write,
    peek: read,
  },
  projects: {
    list: read,
    get: read,
    add: write,
    remove: write,
    init: write,
    // Reads a directory of the worker.
    import: admin,
  },
  leases: { list: read, acquire: write, release: write },
  // With the worker's own credential, so it tells of what is private.
  forges: { repositories: write },
  github: { listRepos: write },
  workers: { list: read, add: admin, rename: admin, remove: admin, share: write, events: read },
  changes: {
    list: read,
    get: read,
    put: write,
    remove: write,
    // To merge or push it into the branch that others build on needs `admin`, as the procedure itself sees.
    submit: write,
    review: write,
    check: write,
    comments: read,
  },
};

/** The rule of a procedure, by its path; undefined where there is no such procedure. */
export function ruleOf(path: readonly string[]): Rule | undefined {
  let place: unknown = RULES;
  for (const name of path) {
    if (typeof place !== "object" || place === null || !Object.hasOwn(place, name)) return undefined;
    place = (place as Record<string, unknown>)[name];
  }
  return typeof place === "object" && place !== null && "needs" in place ? (place as Rule) : undefined;
}

const STRENGTH = { read: 1, write: 2, admin: 3 } as const;

/** The id of the live workspace with this name, or with this task. */
export type FindWorkspace = (named: string) => string | undefined;

/**
 * Throws `unauthorized` or `forbidden`, naming what is needed. Without the procedure's path nothing is for a token of a pipeline,
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
      next: "Create one: ws token create NAME.",
      data: { reason: "missing" },
    });
  }
  if (caller.handler !== undefined) {
    const refused = refusedToHandler(caller.handler, path, input);
    if (refused !== undefined) throw notForPipelines(caller.handler, refused.field);
  }
  if (caller.scope === "uplink") throw forLinksOnly();
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
