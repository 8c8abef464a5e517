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
}

type Rules<C> = { [K in keyof C]: C[K] extends AnyContractProcedure ? Rule : Rules<C[K]> };

const open: Rule = { needs: "open" };
const any: Rule = { needs: "any" };
const read: Rule = { needs: "read" };
const write: Rule = { needs: "write" };
const admin: Rule = { needs: "admin" };
const ownRead: Rule = { ...read, ownWorkspace: true };
const ownWrite: Rule = { ...write, ownWorkspace: true };

/** Whoever is inside may end its work, but not destroy what is not saved; `force` is judged by the grant. */
const FINALIZE = ["uncommitted", "commitMessage", "push", "force", "pullRequest", "cleanup"];

/** What every procedure needs; one that is missing here does not compile. */
export const RULES: Rules<Contract> = {
  workspaces: {
    list: read,
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
    list: ownRead,
    get: ownRead,
    cancel: ownWrite,
    retry: ownWrite,
    events: ownRead,
    output: ownRead,
  },
  terminals: {
    list: ownRead,
    close: ownWrite,
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

/** The id of the live workspace with this name. */
export type FindWorkspace = (name: string) => string | undefined;

/** Throws `unauthorized` or `forbidden`, naming what is needed. Without the procedure's path nothing is for a token of a pipeline. */
export function authorize(
  caller: Caller | undefined,
  rule: Rule,
  input: unknown,
  find: FindWorkspace,
  path?: readonly string[],
): void {
  if (rule.needs === "open") return;
  if (caller === undefined) {
    throw new WsError("unauthorized", {
      message: "A token is needed.",
      next: "Create one: ws token create NAME.",
      data: {},
    });
  }
  if (caller.handler !== undefined) {
    const refused = refusedToHandler(caller.handler, path, input);
    if (refused !== undefined) throw notForPipelines(caller.handler, refused.field);
  }
  if (rule.needs === "any") return;
  if (caller.scope === "workspace") {
    const { name, ...others } = (input ?? {}) as Record<string, unknown>;
    const asked = typeof name === "string" ? find(name) : undefined;
    // By id: a name can be given to another workspace, and the token must not go with it.
    if (asked !== undefined && asked === caller.workspace && mayCall(rule, Object.keys(others))) return;
  } else if (STRENGTH[caller.scope] >= STRENGTH[rule.needs]) return;
  throw new WsError("forbidden", {
    message: `This token may not do that: it needs the scope '${rule.needs}'.`,
    next: `Create one that may: ws token create NAME --scope ${rule.needs}.`,
    data: { needs: rule.needs },
  });
}

function notForPipelines({ kind, settings }: Handler, field: string | undefined): WsError<"forbidden"> {
  const work = kind === "fetch" ? `fetching from '${settings.repo}'` : `publishing to '${settings.repo}'`;
  const why = field === undefined ? "as far as it was allowed" : `for which it may not say '${excerpt(field)}'`;
  return new WsError("forbidden", {
    message: `This token is for ${work} only, ${why}.`,
    next: "Create one that may do more: ws token create NAME.",
    data: { needs: "write" },
  });
}

function mayCall({ ownWorkspace }: Rule, others: readonly string[]): boolean {
  if (ownWorkspace === undefined || ownWorkspace === true) return ownWorkspace === true;
  return others.every((field) => ownWorkspace.mayAlsoSay.includes(field));
}
