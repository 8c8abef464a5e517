import type { StartRequest } from "./api.ts";
import { describeCheckout, requireCheckout } from "./checkout.ts";
import type { Engine } from "./engine.ts";
import { WsError } from "./errors.ts";
import { excerpt } from "./names.ts";
import type {
  CheckoutOptions,
  CredentialSelection,
  Execution,
  Limits,
  Profile,
  Repository,
  RuntimeName,
  WorkspaceId,
  WorkspaceRecord,
} from "./workspace.ts";

/** The record of a failed workspace as it is tried again: what is asked for now takes the place of what was. */
export function asAskedAgain(engine: Engine, record: WorkspaceRecord, request: StartRequest): WorkspaceRecord {
  const { profile = record.profile, ttlMs = record.ttlMs, credentials = record.credentials } = request;
  const { idleMs, execution, autoCleanup } = request;
  if (execution !== undefined) requirePlain(execution);
  const runtime = engine.runtime(request.runtime ?? record.runtime).name;
  const { image: before, ...kept } = record;
  // An image that was asked of another runtime means nothing to this one.
  const image = request.image ?? (runtime === record.runtime ? before : undefined);
  const limits = { ...record.limits, ...request.limits };
  requireKept(runtime, { profile, limits, image });
  const repository = repositoryAgain(engine, record, request);
  return {
    ...kept,
    runtime,
    profile,
    limits,
    env: { ...record.env, ...request.env },
    ...(credentials === undefined ? {} : { credentials }),
    ...(image === undefined ? {} : { image }),
    ...(repository === undefined ? {} : { repository }),
    ...(ttlMs === undefined ? {} : { ttlMs, ttlRemainingMs: ttlMs }),
    ...(idleMs === undefined ? {} : { idleMs }),
    ...(execution === undefined ? {} : { execution }),
    ...(autoCleanup === undefined ? {} : { autoCleanup }),
  };
}

function repositoryAgain(engine: Engine, record: WorkspaceRecord, request: StartRequest): Repository | undefined {
  const { clone, branch, base, checkout, execution = record.execution } = request;
  const named = { id: record.id, name: record.name, execution };
  const asked = clone === undefined ? undefined : repositoryOf(engine, clone, request);
  // A branch that was asked of another repository means nothing in this one.
  if (asked !== undefined && asked.url !== record.repository?.url) return onItsBranch(engine, asked, named);
  const { repository } = record;
  if (repository !== undefined) {
    checkBranches(engine, request);
    if (checkout !== undefined) requireCheckout(checkout);
    const { branchIsNew: _new, branch: before, ...kept } = repository;
    const own = onItsBranch(engine, kept, { ...named, execution: record.execution });
    // Named after its job, it is named anew with another one.
    const again = before === own.branch ? onItsBranch(engine, kept, named) : repository;
    return {
      ...(branch === undefined ? again : { ...kept, branch }),
      ...(checkout === undefined ? {} : { checkout }),
      ...(base === undefined ? {} : { baseBranch: base }),
    };
  }
  requireRepository(request);
  return undefined;
}

export function repositoryOf(
  engine: Engine,
  url: string,
  request: { branch?: string; base?: string; checkout?: CheckoutOptions },
): Repository {
  const parsed = engine.git.parseUrl(url);
  checkBranches(engine, request);
  const { checkout } = request;
  if (checkout !== undefined) requireCheckout(checkout);
  return {
    ...parsed,
    ...(checkout === undefined ? {} : { checkout }),
    ...(request.branch === undefined ? {} : { branch: request.branch }),
    ...(request.base === undefined ? {} : { baseBranch: request.base }),
  };
}

/** The repository with the branch that the workspace stands on: its own, where none was asked for. */
export function onItsBranch(
  { git }: Engine,
  repository: Repository,
  { execution, ...workspace }: { id: WorkspaceId; name: string; execution?: Execution | undefined },
): Repository {
  if (repository.branch !== undefined) return repository;
  const branch = git.ownBranch({ ...workspace, ...(execution === undefined ? {} : { execution }) });
  // A job's branch may have been pushed by an earlier workspace of it.
  return { ...repository, branch, ...(execution === undefined ? { branchIsNew: true } : {}) };
}

function checkBranches({ git }: Engine, { branch, base }: { branch?: string; base?: string }): void {
  if (branch !== undefined) git.checkBranch(branch, "branch");
  if (base !== undefined) git.checkBranch(base, "base");
}

/** Throws `invalid_input` for what a shell would read something into: the words become part of a branch's name. */
export function requirePlain({ id, role, slug = "" }: Execution): void {
  const odd = Object.entries({ id, role, slug }).find(([, text]) => /[\p{C}$`;&|<>\\(){}"'*?]/u.test(text));
  if (odd === undefined) return;
  throw new WsError("invalid_input", {
    message: `'${excerpt(odd[1])}' cannot name a branch.`,
    next: "Use words of letters and digits.",
    data: { field: `execution.${odd[0]}` },
  });
}

/** Throws `invalid_input` where a branch, or a part of a repository, is asked for and there is nothing to clone. */
export function requireRepository({ clone, branch, base, checkout }: StartRequest): void {
  if (clone !== undefined) return;
  if (checkout !== undefined) {
    throw new WsError("invalid_input", {
      message: "How much is cloned can only be said of a repository.",
      next: "Say which one with --clone, or leave that out.",
      data: { field: "checkout" },
    });
  }
  if (branch === undefined && base === undefined) return;
  throw new WsError("invalid_input", {
    message: "A branch needs a repository to clone.",
    next: "Say which one with --clone, or leave the branch out.",
    data: { field: branch === undefined ? "base" : "branch" },
  });
}

/**
 * Showing a profile, an image or a limit that nothing keeps would be worse than not having it. Throws `invalid_input`,
 * `limits_unsupported`.
 */
export function requireKept(
  runtime: RuntimeName,
  { profile = "person", limits = {}, image }: { profile?: Profile; limits?: Limits; image?: string | undefined },
): void {
  if (runtime !== "local") return;
  if (image !== undefined) {
    throw new WsError("invalid_input", {
      message: "The local runtime has no images: its workspaces run on the worker's own system.",
      next: "Use the docker runtime for one, or leave the image out.",
      data: { field: "image" },
    });
  }
  if (profile === "agent") {
    throw new WsError("invalid_input", {
      message: "The local runtime cannot keep what the profile 'agent' promises: no network, no way to other files.",
      next: "Use the docker runtime for it, or leave the profile out.",
      data: { field: "profile" },
    });
  }
  const asked = Object.keys(limits);
  if (asked.length === 0) return;
  throw new WsError("limits_unsupported", {
    message: "The local runtime cannot keep limits on CPUs, memory or processes: nothing would enforce them.",
    next: "Use the docker runtime for them, or leave the limits out.",
    data: { runtime, limits: asked },
  });
}

/** Throws `repository_mismatch` or `workspace_mismatch` where something else is asked for than what exists, naming both. */
export function requireSame(engine: Engine, record: WorkspaceRecord, request: StartRequest): void {
  const { name, repository } = record;
  if (request.clone !== undefined) {
    const asked = engine.git.parseUrl(request.clone).url;
    const existing = repository?.url ?? "no repository";
    if (asked !== existing) {
      throw new WsError("repository_mismatch", {
        message: `'${name}' exists with ${existing}, not with ${asked}.`,
        next: `Use another name for ${asked}, or 'ws delete ${name}' first.`,
        data: { name, existing, asked },
      });
    }
  }
  const different = shapeOf(request).filter(({ is, asked }) => asked !== undefined && asked !== is(record));
  if (different.length === 0) return;
  const existing = different.map(({ is, show }) => show(is(record))).join(", ");
  const asked = different.map((field) => field.show(field.asked)).join(", ");
  throw new WsError("workspace_mismatch", {
    message: `'${name}' exists with ${existing}, not with ${asked}.`,
    next: `Leave that out to start it as it is, or use another name for a new workspace.`,
    data: { name, existing, asked },
  });
}

interface Field {
  asked: string | number | undefined;
  is: (record: WorkspaceRecord) => string | number | undefined;
  show: (value: string | number | undefined) => string;
}

function shapeOf(request: StartRequest): Field[] {
  const { branch, base, runtime, profile, image, limits, ttlMs, idleMs, credentials, execution } = request;
  return [
    {
      asked: credentials === undefined ? undefined : wordsOf(credentials),
      is: (record) => wordsOf(record.credentials),
      show: (words) => `${words} of the worker's credentials`,
    },
    {
      asked: request.checkout === undefined ? undefined : describeCheckout(request.checkout),
      is: ({ repository }) => describeCheckout(repository?.checkout ?? {}),
      show: String,
    },
    { asked: branch, is: ({ repository }) => repository?.branch, show: named("branch", "no branch") },
    { asked: base, is: ({ repository }) => repository?.baseBranch, show: named("base", "the repository's own base") },
    { asked: runtime, is: (record) => record.runtime, show: named("runtime") },
    { asked: profile, is: (record) => record.profile, show: named("profile") },
    { asked: image, is: (record) => record.image, show: named("image", "the worker's image") },
    { asked: limits?.cpus, is: (record) => record.limits.cpus, show: counted("CPUs", "no limit of CPUs") },
    {
      asked: limits?.memoryBytes,
      is: (record) => record.limits.memoryBytes,
      show: counted("bytes of memory", "no limit of memory"),
    },
    {
      asked: limits?.processes,
      is: (record) => record.limits.processes,
      show: counted("processes", "the usual limit of processes"),
    },
    {
      asked: ttlMs,
      is: (record) => record.ttlMs,
      show: (ms) => (ms === undefined ? "no TTL" : `a TTL of ${seconds(ms)}`),
    },
    {
      asked: idleMs,
      is: (record) => record.idleMs,
      show: (ms) => (ms === undefined ? "no end when idle" : `an end when idle for ${seconds(ms)}`),
    },
    {
      asked: execution === undefined ? undefined : partOf(execution),
      is: (record) => (record.execution === undefined ? undefined : partOf(record.execution)),
      show: named("execution"),
    },
  ];
}

/** The same words for the same choice, whatever the order of its names. */
function wordsOf(selection: CredentialSelection = "all"): string {
  if (typeof selection === "string") return selection;
  return selection.length === 0 ? "none" : `only ${[...new Set(selection)].sort().join(" and ")}`;
}

function named(what: string, none = `no ${what}`): Field["show"] {
  return (value) => (value === undefined ? none : `${what} ${value}`);
}

function counted(what: string, none: string): Field["show"] {
  return (value) => (value === undefined ? none : `${value} ${what}`);
}

function partOf({ id, role, slug }: Execution): string {
  return [id, role, slug ?? []].flat().join("/");
}

function seconds(ms: string | number): string {
  return `${Number(ms) / 1_000} s`;
}
