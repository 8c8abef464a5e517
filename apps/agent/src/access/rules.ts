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

const own = { ownWorkspace: true } as const;

/** Whoever is inside may end its work, but not destroy what is not saved; `force` is judged by the grant. */
const FINALIZE = ["uncommitted", "commitMessage", "push", "force", "pullRequest", "cleanup"];

/** What every procedure needs; one that is missing here does not compile. */
export const RULES: Rules<Contract> = {
  workspaces: {
    list: { needs: "read" },
    get: { needs: "read", ...own },
    create: { needs: "write" },
    delete: { needs: "write" },
    // What it is made of, its runtime above all, is not for whoever is inside to choose.
    start: { needs: "write", ownWorkspace: { mayAlsoSay: ["env"] } },
    stop: { needs: "write", ...own },
    restart: { needs: "write", ...own },
    finalize: { needs: "write", ownWorkspace: { mayAlsoSay: FINALIZE } },
    pullRequest: { needs: "read", ...own },
    cleanup: { needs: "write" },
    reap: { needs: "write" },
    fetch: { needs: "write", ...own },
    rename: { needs: "write" },
    touch: { needs: "write", ...own },
    logs: { needs: "read", ...own },
    followLogs: { needs: "read", ...own },
    exec: { needs: "write", ...own },
    events: { needs: "read", ...own },
  },
  files: {
    read: { needs: "read", ...own },
    list: { needs: "read", ...own },
    stat: { needs: "read", ...own },
    find: { needs: "read", ...own },
    grep: { needs: "read", ...own },
    watch: { needs: "read", ...own },
    write: { needs: "write", ...own },
    edit: { needs: "write", ...own },
    patch: { needs: "write", ...own },
    mkdir: { needs: "write", ...own },
    move: { needs: "write", ...own },
    remove: { needs: "write", ...own },
  },
  // Whoever is inside may know what it may do, and gives itself nothing.
  policy: {
    get: { needs: "read", ...own },
    update: { needs: "admin" },
    repositories: { list: { needs: "read" }, update: { needs: "admin" } },
  },
  git: {
    status: { needs: "read", ...own },
    log: { needs: "read", ...own },
    diff: { needs: "read", ...own },
    show: { needs: "read", ...own },
    blob: { needs: "read", ...own },
    add: { needs: "write", ...own },
    unstage: { needs: "write", ...own },
    restore: { needs: "write", ...own },
    commit: { needs: "write", ...own },
    pull: { needs: "write", ...own },
    push: { needs: "write", ...own },
    branches: {
      list: { needs: "read", ...own },
      create: { needs: "write", ...own },
      delete: { needs: "write", ...own },
    },
    checkout: { needs: "write", ...own },
    stash: {
      list: { needs: "read", ...own },
      push: { needs: "write", ...own },
      pop: { needs: "write", ...own },
      drop: { needs: "write", ...own },
    },
    rebase: {
      start: { needs: "write", ...own },
      continue: { needs: "write", ...own },
      abort: { needs: "write", ...own },
    },
    reset: { needs: "write", ...own },
  },
  handlers: { packets: { needs: "read", ...own } },
  executions: { list: { needs: "read" }, end: { needs: "write" }, deleteBranches: { needs: "write" } },
  terminals: {
    list: { needs: "read", ...own },
    close: { needs: "write", ...own },
  },
  info: { needs: "any" },
  doctor: { needs: "read" },
  config: {
    credentials: { get: { needs: "admin" }, update: { needs: "admin" } },
    scripts: { get: { needs: "admin" }, update: { needs: "admin" } },
    settings: { list: { needs: "admin" }, set: { needs: "admin" }, unset: { needs: "admin" } },
  },
  credentials: {
    list: { needs: "admin" },
    set: { needs: "admin" },
    remove: { needs: "admin" },
    grant: { needs: "admin" },
    revoke: { needs: "admin" },
    status: { needs: "admin" },
    login: { needs: "admin" },
  },
  tokens: { create: { needs: "admin" }, list: { needs: "admin" }, revoke: { needs: "admin" } },
  auth: { whoami: { needs: "any" }, link: { needs: "admin" }, exchange: { needs: "open" } },
  audit: { list: { needs: "admin" } },
  state: { export: { needs: "read" } },
  providers: {
    list: { needs: "read" },
    // A first use makes a repository.
    resolve: { needs: "write" },
    peek: { needs: "read" },
  },
  projects: {
    list: { needs: "read" },
    get: { needs: "read" },
    add: { needs: "write" },
    remove: { needs: "write" },
    init: { needs: "write" },
    // Reads a directory of the worker.
    import: { needs: "admin" },
  },
  leases: { list: { needs: "read" }, acquire: { needs: "write" }, release: { needs: "write" } },
  // With the worker's own credential, so it tells of what is private.
  forges: { repositories: { needs: "write" } },
  github: { listRepos: { needs: "write" } },
  changes: {
    list: { needs: "read" },
    get: { needs: "read" },
    put: { needs: "write" },
    remove: { needs: "write" },
    // To merge or push it into the branch that others build on needs `admin`, as the procedure itself sees.
    submit: { needs: "write" },
    review: { needs: "write" },
    check: { needs: "write" },
    comments: { needs: "read" },
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
