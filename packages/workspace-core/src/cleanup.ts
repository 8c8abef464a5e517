import { throwIfAborted } from "./aborted.ts";
import type { Engine } from "./engine.ts";
import type { Cleanup } from "./outcomes.ts";
import { toWsError } from "./errors.ts";
import { remove } from "./lifecycle.ts";
import { showRights } from "./show-rights.ts";
import type { WorkspaceId, WorkspaceRecord } from "./workspace.ts";
import { holderOf, unpushedWork } from "./work.ts";

/**
 * Ends a workspace's grants, and removes it where nothing would be lost with it, or where `force` says so all the same.
 * What somebody has on lease stays as it is. Never throws for what is kept. Must run as the workspace's operation.
 */
export async function cleanUp(
  engine: Engine,
  id: WorkspaceId,
  { force = false, reason, signal }: { force?: boolean; reason: string; signal: AbortSignal },
): Promise<Cleanup> {
  const record = engine.records.byId(id);
  const { name } = record;
  if (record.phase === "cleaned_up") return { id, name, kept: false };
  const decide = (outcome: "done" | "kept" | "failed", holder?: string): void =>
    engine.decisions.add({
      action: "clean_up",
      workspace: { id, name },
      outcome,
      reason,
      ...(holder === undefined ? {} : { holder }),
    });
  try {
    const leased = keptOnLease(engine, record);
    if (leased !== undefined) {
      decide("kept", leased.holder);
      return leased;
    }
    await engine.credentials.revoke(id);
    const holder = force ? undefined : await keptFor(engine, record, signal);
    if (holder !== undefined) {
      await showRights(engine, id, signal);
      decide("kept", holder);
      engine.records.log(id, "agent", `Kept, although ${reason}: it holds ${holder}.`);
      return keptBecause(engine, record, holder);
    }
    await remove(engine, id);
    decide("done");
    return { id, name, kept: false };
  } catch (error) {
    throwIfAborted(signal);
    const { message } = toWsError(error);
    decide("failed", message);
    engine.log.warn("a workspace could not be cleaned up", { workspace: name, error });
    return { id, name, kept: true, reason: "failed", holder: message };
  }
}

/** What would become of it now; touches nothing but what has to be started to be looked at. As the workspace's operation. */
export async function foresee(
  engine: Engine,
  record: WorkspaceRecord,
  { force = false, signal }: { force?: boolean; signal: AbortSignal },
): Promise<Cleanup> {
  const { id, name, phase } = record;
  const leased = keptOnLease(engine, record);
  const holder = phase === "cleaned_up" || force ? undefined : await keptFor(engine, record, signal);
  // Whoever asks what a delete would destroy has to hear of the work, too.
  if (leased !== undefined) return { ...leased, holder: [holder, leased.holder].filter(Boolean).join(", and ") };
  return holder === undefined ? { id, name, kept: false } : keptBecause(engine, record, holder);
}

type Leased = Extract<Cleanup, { reason: "leased" }>;

function keptOnLease(engine: Engine, { id, name, phase }: WorkspaceRecord): Leased | undefined {
  const lease = phase === "cleaned_up" ? undefined : engine.leaseOf?.(id);
  if (lease === undefined) return undefined;
  return { id, name, kept: true, reason: "leased", holder: `a lease of ${lease.holder}`, lease: lease.id };
}

function keptBecause(engine: Engine, { id, name, repository }: WorkspaceRecord, holder: string): Cleanup {
  const hadGrant = repository !== undefined && engine.credentials.list({ workspace: id, ended: true }).length > 0;
  return { id, name, kept: true, reason: "unpushed_work", holder, ...(hadGrant ? { needsGrant: true } : {}) };
}

/** What it holds that lies nowhere else; of a home without a repository nobody can tell. */
async function keptFor(
  engine: Engine,
  { id, repository, directory }: WorkspaceRecord,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (repository === undefined && directory !== undefined) return "a home of which no remote has a copy";
  return holderOf(engine, id, signal);
}

/** Throws `unpushed_work` where something would be lost. */
export async function requireNothingLost(engine: Engine, id: WorkspaceId, signal: AbortSignal): Promise<void> {
  const holder = await holderOf(engine, id, signal);
  if (holder !== undefined) throw unpushedWork(engine.records.byId(id), holder);
}
