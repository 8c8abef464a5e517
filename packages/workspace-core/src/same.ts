import type { StartRequest } from "./api.ts";
import { describeCheckout } from "./checkout.ts";
import type { Engine } from "./engine.ts";
import { WsError } from "./errors.ts";
import type { CredentialSelection, Execution, WorkspaceRecord } from "./workspace.ts";

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
    {
      asked: request.docker === undefined ? undefined : "Docker",
      is: ({ docker }) => (docker === undefined ? undefined : "Docker"),
      show: (value) => (value === undefined ? "no Docker of its own" : "Docker of its own"),
    },
    {
      asked: request.devcontainer === undefined || request.devcontainer === "optional" ? undefined : "followed",
      is: ({ devcontainer }) => (devcontainer === undefined ? undefined : "followed"),
      show: (value) => (value === undefined ? "no devcontainer.json followed" : "its devcontainer.json followed"),
    },
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
