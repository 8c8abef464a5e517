import { requireCpus } from "./admission.ts";
import type { Grant } from "./credentials.ts";
import { placeOf, type Engine } from "./engine.ts";
import { isEngineGone, toWsError, WsError } from "./errors.ts";
import { grantOwn } from "./grants.ts";
import { begin } from "./lifecycle.ts";
import { withoutOperation } from "./records.ts";
import { requireKept } from "./request.ts";
import { showRights } from "./show-rights.ts";
import {
  statusOf,
  type CredentialSelection,
  type Limits,
  type WorkspaceId,
  type WorkspaceRecord,
} from "./workspace.ts";

/** What of a workspace that exists is to be otherwise; what is not named stays, and null takes away what was there. */
export interface UpdateRequest {
  limits?: { readonly [Limit in keyof Limits]?: Limits[Limit] | null };
  /** Counted anew from now. */
  ttlMs?: number | null;
  idleMs?: number | null;
  autoCleanup?: boolean;
  /** All of them where null. */
  credentials?: CredentialSelection | null;
  /** By name; the others stay. */
  env?: Readonly<Record<string, string | null>>;
}

/** What programs have only where they are begun after it was changed; those that run go on with what they had. */
export type ForNewPrograms = "env" | "credentials";

export interface Updated {
  record: WorkspaceRecord;
  /** Empty where it does not run, as its next start begins them all. */
  forNewPrograms: readonly ForNewPrograms[];
}

/**
 * Changes a workspace: the record first, then its place, whose new limits hold at once, whether it runs or not. Where the place does not take
 * them they are as they were before. Throws `invalid_input` (`limits.cpus`, `limits.memoryBytes`), `limits_unsupported`.
 */
export async function update(
  engine: Engine,
  id: WorkspaceId,
  request: UpdateRequest,
  signal: AbortSignal,
): Promise<Updated> {
  const { records } = engine;
  const before = records.byId(id);
  const wanted = withChanges(before, request);
  const limited = request.limits !== undefined && !sameLimits(before.limits, wanted.limits);
  const selected = request.credentials !== undefined && wordsOf(before) !== wordsOf(wanted);
  if (limited) await requireLimits(engine, before, wanted.limits, signal);
  if (request.ttlMs !== undefined) engine.unkept.delete(id);
  const change = (record: WorkspaceRecord): WorkspaceRecord => withChanges(record, request);
  if (limited || selected) {
    begin(engine, id, "update", change);
    try {
      // What is taken from it is taken also while its engine is away.
      if (limited) await engine.runtime(before.runtime).limit(placeOf(records.byId(id)), signal);
    } catch (error) {
      // Cut short by our own going away: the operation stays in the record, and the next agent goes on with it.
      if (!engine.operations.closing) records.change(id, (record) => asBefore(record, before));
      throw error;
    }
    await followSelection(engine, id, signal);
  } else records.change(id, change);
  const runs = statusOf(before) === "running";
  const changed: ForNewPrograms[] = [
    ...(request.env === undefined || Object.keys(request.env).length === 0 ? [] : (["env"] as const)),
    ...(selected ? (["credentials"] as const) : []),
  ];
  return { record: records.byId(id), forNewPrograms: runs ? changed : [] };
}

/** What an agent began that went away in the middle of it. */
export async function goOnUpdating(engine: Engine, id: WorkspaceId, signal: AbortSignal): Promise<void> {
  const record = engine.records.byId(id);
  await keepOnlySelected(engine, record, signal);
  try {
    await engine.runtime(record.runtime).limit(placeOf(record), signal);
  } catch (error) {
    if (engine.operations.closing || isEngineGone(error)) throw error;
    engine.records.log(id, "agent", `Its limits could not be changed: ${toWsError(error).message}`);
  }
  engine.records.change(id, withoutOperation);
}

async function followSelection(engine: Engine, id: WorkspaceId, signal: AbortSignal): Promise<void> {
  try {
    await keepOnlySelected(engine, engine.records.byId(id), signal);
  } finally {
    if (!engine.operations.closing) engine.records.change(id, withoutOperation);
  }
}

/** All that an update may have changed, as it was. */
function asBefore(record: WorkspaceRecord, before: WorkspaceRecord): WorkspaceRecord {
  const { ttlMs: _ttl, idleMs: _idle, credentials: _credentials, autoCleanup: _cleanup, ...rest } = record;
  const { limits, env, ttlMs, idleMs, credentials, autoCleanup } = before;
  return {
    ...withoutOperation(rest),
    limits,
    env,
    ...(ttlMs === undefined ? {} : { ttlMs }),
    ...(idleMs === undefined ? {} : { idleMs }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(autoCleanup === undefined ? {} : { autoCleanup }),
  };
}

/** Ends the rights that were had with a credential which is not among the chosen ones any more, and gives those that there are with the chosen. */
async function keepOnlySelected(engine: Engine, record: WorkspaceRecord, signal: AbortSignal): Promise<void> {
  const { id, credentials: selection = "all", repository } = record;
  const { credentials, records } = engine;
  const unfit = credentials
    .list({ workspace: id })
    .filter(
      ({ credential, apiCredential }) =>
        !selects(selection, credential.id) || (apiCredential !== undefined && !selects(selection, apiCredential.id)),
    );
  // Before a forge is asked for anything, which takes its time; and what is cut short here finds again what it has to give.
  if (unfit.length > 0) await credentials.withhold(unfit);
  try {
    const all = credentials.list({ workspace: id, ended: true });
    // As they were and for no longer, where one of the chosen opens them; also what an earlier choice has taken.
    for (const grant of all) if (grant.withheld === true) await giveAgain(engine, grant, selection, signal);
    // One that somebody ended stays so, whatever is chosen later.
    const before = all.some(({ url }) => url === repository?.url);
    if (repository !== undefined && !before && record.phase !== "error") {
      await grantOwn(engine, record, repository, signal);
    }
  } catch (error) {
    if (engine.operations.closing) throw error;
    // What was to be taken is taken; what is lacking is asked for again by hand, and told where it is missed.
    records.log(id, "agent", `Its rights to repositories could not be given anew: ${toWsError(error).message}`);
  }
  await showRights(engine, id, signal);
}

async function giveAgain(
  { credentials, clock }: Engine,
  grant: Grant,
  selection: CredentialSelection,
  signal: AbortSignal,
): Promise<void> {
  const { workspace, url, access, branches, force, tags, workflows, renewsMs, expiresAt, execution } = grant;
  const ttlSeconds = Math.floor((renewsMs ?? expiresAt - clock.now()) / 1_000);
  if (ttlSeconds < 1) return;
  const again = { workspace, url, access, branches, force, tags, workflows, ttlSeconds, credentials: selection };
  const renews = renewsMs !== undefined;
  const without = (): void => undefined;
  await credentials.grant({ ...again, renews, without, ...(execution === undefined ? {} : { execution }) }, signal);
}

function selects(selection: CredentialSelection, name: string): boolean {
  return selection === "all" || (selection !== "none" && selection.includes(name));
}

function withChanges(record: WorkspaceRecord, request: UpdateRequest): WorkspaceRecord {
  const { ttlMs, ttlRemainingMs, idleMs, credentials, ...rest } = record;
  const ttl = request.ttlMs === undefined ? ttlMs : (request.ttlMs ?? undefined);
  const left = request.ttlMs === undefined ? ttlRemainingMs : ttl;
  const idle = request.idleMs === undefined ? idleMs : (request.idleMs ?? undefined);
  const selection = request.credentials === undefined ? credentials : (request.credentials ?? undefined);
  return {
    ...rest,
    limits: without<Limits>({ ...record.limits, ...request.limits }),
    env: without<Record<string, string>>({ ...record.env, ...request.env }),
    ...(ttl === undefined ? {} : { ttlMs: ttl }),
    ...(left === undefined ? {} : { ttlRemainingMs: left }),
    ...(idle === undefined ? {} : { idleMs: idle }),
    ...(selection === undefined ? {} : { credentials: selection }),
    ...(request.autoCleanup === undefined ? {} : { autoCleanup: request.autoCleanup }),
  };
}

/** Without what null takes away. */
function without<T extends object>(values: { readonly [K in keyof T]?: T[K] | null }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as T;
}

function sameLimits(one: Limits, other: Limits): boolean {
  return (["cpus", "memoryBytes", "processes"] as const).every((limit) => one[limit] === other[limit]);
}

function wordsOf({ credentials = "all" }: WorkspaceRecord): string {
  return typeof credentials === "string" ? credentials : ["", ...new Set(credentials)].sort().join("\n");
}

async function requireLimits(
  engine: Engine,
  { id, name, runtime: runtimeName, ...record }: WorkspaceRecord,
  limits: Limits,
  signal: AbortSignal,
): Promise<void> {
  requireKept(runtimeName, { limits });
  const runtime = engine.runtime(runtimeName);
  await requireCpus(runtime, limits);
  const { memoryBytes } = limits;
  if (memoryBytes === undefined || statusOf(record) !== "running" || memoryBytes === record.limits.memoryBytes) return;
  const [used] = (await runtime.usage?.([id], signal)) ?? [];
  if (used?.memoryBytes === undefined || used.memoryBytes < memoryBytes) return;
  throw new WsError("invalid_input", {
    // The kernel would end programs of it at once, whichever it likes.
    message: `'${name}' uses ${mebibytes(used.memoryBytes)} MiB of memory just now, and would have ${mebibytes(memoryBytes)} MiB.`,
    next: `Give it more, or stop it first: ws stop ${name}.`,
    data: { field: "limits.memoryBytes" },
  });
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
