import { throwIfAborted } from "../aborted.ts";
import { isWsError, toWsError, WsError } from "../errors.ts";
import { excerpt, suggestName } from "../names.ts";
import type { Clock, Log } from "../ports.ts";
import type { Profile, WorkspaceId } from "../workspace.ts";
import type { Lease, LeaseStage, LeaseStore } from "./lease.ts";
import { createTurns } from "./turns.ts";

/** The worker's workspaces, as far as leases need them. */
export interface LeasedWorkspaces {
  /** The live workspace of this name, with the key of the request that made it. */
  find(name: string): { id: WorkspaceId; key?: string } | undefined;
  /** Makes it; repeating under one key gives the same. */
  create(
    request: { name: string; key: string; cloneUrl: string; checkout?: Checkout; profile?: Profile },
    signal?: AbortSignal,
  ): Promise<WorkspaceId>;
  /** Makes it ready for its holder, with these variables for every process. */
  prepare(name: string, environment: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<void>;
  /** Where its repository lies inside; known once it is there. */
  directory(name: string): string | undefined;
  /** Removes it where nothing would be lost with it, and tells what it holds otherwise; one that is gone is success. */
  discard(id: WorkspaceId): Promise<{ kept: false } | { kept: true; holds: string }>;
}

/** What a workspace stands on: exactly this branch, or one of its own that begins at this base. */
export type Checkout = { branch: string } | { base: string };

export interface AcquireRequest {
  project: string;
  holder: string;
  cloneUrl: string;
  checkout?: Checkout;
  /** Of its workspace; `person` where absent. */
  profile?: Profile;
  /** Most leases of the project at once. */
  limit?: number;
  /** Whether to wait for a free one; else `lease_unavailable` tells that there is none. */
  wait?: boolean;
  /** The variables of a launch in this workspace. */
  environment?: (workspace: { number: number; directory?: string }) => Promise<Record<string, string>>;
  signal?: AbortSignal;
}

export interface Released {
  /** Whether this call ended it. */
  released: boolean;
  /** What its workspace holds, where it was kept for that. */
  holds?: string;
}

/** Numbered workspaces, each for one holder at a time. What a holder left behind is removed before the number is handed out again, or the number is not. */
export interface Leases {
  /**
   * Takes a number, makes its workspace and makes it ready; the holder has it with `handOver`. What fails or is cancelled on the way is given back. Throws
   * `lease_unavailable`, `lease_failed` with the stage, `aborted`.
   */
  acquire(request: AcquireRequest): Promise<Lease & { environment: Record<string, string> }>;
  /** From now on the holder, and nobody else, answers for it. Throws `lease_failed` where the lease is over. */
  handOver(lease: Pick<Lease, "id" | "token">, holder: string): Lease;
  /** Gives it back; one that is over is success. A workspace that holds what lies nowhere else is kept. */
  release(lease: Pick<Lease, "id" | "token">): Promise<Released>;
  get(id: string): Lease | undefined;
  /** Ends the lease with this id, as `release`. Throws `lease_not_found` for one that never was, or whose number is another's by now. */
  releaseById(id: string): Promise<Released>;
  list(project?: string): Lease[];
  /** After a crash: what was not handed over, or whose holder is gone, is given back. Resolves to those. */
  reconcile(isHeld: (lease: Lease) => boolean): Promise<Lease[]>;
}

export interface LeasesPorts {
  store: LeaseStore;
  workspaces: LeasedWorkspaces;
  clock: Clock;
  log: Log;
  newId: () => string;
}

type FailedStage = "allocation" | "materialization" | "preparation" | "handover" | "recovery";

export function createLeases({ store, workspaces, clock, log, newId }: LeasesPorts): Leases {
  const turns = createTurns(clock);

  /** The lowest number whose last workspace is out of the way. */
  async function allocate(request: AcquireRequest, without: Set<number>): Promise<Lease> {
    const { project, holder, limit, wait = false, signal } = request;
    for (;;) {
      throwIfAborted(signal);
      const nameOf = (number: number): string => workspaceName(project, number);
      const asked = {
        id: newId(),
        project,
        holder,
        at: clock.now(),
        nameOf,
        without,
        ...(limit === undefined ? {} : { limit }),
      };
      const lease = store.acquire(asked);
      if (lease === undefined) {
        if (!wait) throw unavailable(project, store.list(project));
        await turns.next(project, signal);
        continue;
      }
      if (await isVacant(lease)) return lease;
      without.add(lease.number);
      giveUp(lease);
    }
  }

  /** Whether the number's name is free, after its last workspace was removed if it may be. */
  async function isVacant({ project, number, workspace }: Lease): Promise<boolean> {
    const there = workspaces.find(workspace);
    if (there === undefined) return true;
    if (there.id !== store.lastWorkspace(project, number)) return false;
    const left = await discard(there.id);
    if (left !== undefined) log.info("a numbered workspace is kept, another is used", { workspace, holds: left });
    return left === undefined;
  }

  /** What keeps the workspace; undefined where it is gone. */
  async function discard(id: WorkspaceId): Promise<string | undefined> {
    try {
      const left = await workspaces.discard(id);
      return left.kept ? left.holds : undefined;
    } catch (error) {
      // Not known to be empty is not empty.
      log.warn("a numbered workspace could not be removed", { workspace: id, error });
      return toWsError(error).message;
    }
  }

  function giveUp({ id, token, project }: Lease): boolean {
    const ended = store.release(id, token);
    if (ended) turns.wake(project);
    return ended;
  }

  function advance(lease: Lease, stage: LeaseStage, news: Partial<Lease> = {}): Lease {
    const next = { ...lease, ...news, stage, updatedAt: clock.now() };
    store.update(next);
    return next;
  }

  const ending = new Map<string, Promise<Released>>();

  /** Several who end one lease at once end it together: a second look would be at the next holder's workspace. */
  async function release({ id, token }: Pick<Lease, "id" | "token">): Promise<Released> {
    const other = ending.get(id);
    if (other !== undefined) return { ...(await other), released: false };
    const work = end(id, token).finally(() => ending.delete(id));
    ending.set(id, work);
    return work;
  }

  async function end(id: string, token: number): Promise<Released> {
    const lease = store.get(id);
    if (lease === undefined || lease.token !== token) return { released: false };
    const leaving = advance(lease, "releasing");
    const there = workspaces.find(lease.workspace);
    // A create that was cut off before its workspace was noted is known by its key.
    const isItsOwn = there !== undefined && (there.id === lease.workspaceId || there.key === id);
    const holds = isItsOwn ? await discard(there.id) : undefined;
    if (isItsOwn) store.update({ ...leaving, workspaceId: there.id });
    const released = giveUp(leaving);
    return { released, ...(holds === undefined ? {} : { holds }) };
  }

  /** Makes the workspace of a lease and makes it ready; gives the lease back where that fails. */
  async function outfit(request: AcquireRequest, lease: Lease): ReturnType<Leases["acquire"]> {
    const { project, cloneUrl, checkout, profile, signal } = request;
    const abortable = signal === undefined ? [] : [signal];
    let stage: FailedStage = "materialization";
    let made: WorkspaceId | undefined;
    try {
      const { workspace: name, id: key, number } = lease;
      const asked = {
        name,
        key,
        cloneUrl,
        ...(checkout === undefined ? {} : { checkout }),
        ...(profile === undefined ? {} : { profile }),
      };
      made = await workspaces.create(asked, ...abortable);
      const there = advance(lease, "materialised", { workspaceId: made });
      throwIfAborted(signal);
      stage = "preparation";
      const directory = workspaces.directory(name);
      const place = { number, ...(directory === undefined ? {} : { directory }) };
      const environment = (await request.environment?.(place)) ?? {};
      await workspaces.prepare(name, environment, ...abortable);
      throwIfAborted(signal);
      return { ...advance(there, "prepared"), environment };
    } catch (error) {
      const { released } = await release(lease);
      // Somebody ended the lease while its workspace was being made.
      if (!released && made !== undefined) await discard(made);
      throw failedAt(project, stage, error);
    }
  }

  return {
    async acquire(request) {
      // Numbers whose workspaces are somebody else's, or hold what would be lost.
      const without = new Set<number>();
      for (;;) {
        const lease = await allocate(request, without).catch((error: unknown) => {
          throw failedAt(request.project, "allocation", error);
        });
        try {
          return await outfit(request, lease);
        } catch (error) {
          // Somebody was quicker with a workspace of this name.
          if (!isWsError(error) || !isWsError(error.cause, "name_taken")) throw error;
          without.add(lease.number);
        }
      }
    },
    handOver({ id, token }, holder) {
      const lease = store.get(id);
      if (
        lease === undefined ||
        lease.token !== token ||
        (lease.stage !== "prepared" && lease.stage !== "handed_over")
      ) {
        throw new WsError("lease_failed", {
          message: `The lease ${id} is over, or its workspace is not ready.`,
          next: "Ask for another one.",
          data: { project: lease?.project ?? "", stage: "handover" satisfies FailedStage },
        });
      }
      return advance(lease, "handed_over", { holder });
    },
    release,
    async releaseById(id) {
      const lease = store.get(id);
      if (lease !== undefined) return release(lease);
      if (store.wasReleased(id)) return { released: false };
      throw notFound(id, store.list());
    },
    get: (id) => store.get(id),
    list: (project) => store.list(project),
    async reconcile(isHeld) {
      const over = store.list().filter((lease) => lease.stage !== "handed_over" || !isHeld(lease));
      const ended: Lease[] = [];
      for (const lease of over) {
        if ((await release(lease)).released) ended.push(lease);
      }
      return ended;
    },
  };
}

/** A workspace's name has to be a DNS label. */
function workspaceName(project: string, number: number): string {
  const suffix = `-${number}`;
  const stem = (suggestName(project) ?? "project").slice(0, 63 - suffix.length).replace(/-+$/, "");
  return `${stem}${suffix}`;
}

function notFound(id: string, leases: readonly Lease[]): WsError<"lease_not_found"> {
  const meant = leases.find(({ workspace }) => workspace === id);
  return new WsError("lease_not_found", {
    message: `There is no lease '${excerpt(id)}'.`,
    next:
      meant === undefined
        ? "'ws lease list' shows those that are held."
        : `That is a workspace; give back its lease: ws lease release ${meant.id}.`,
    data: { lease: excerpt(id) },
  });
}

function unavailable(project: string, leases: readonly Lease[]): WsError<"lease_unavailable"> {
  const holders = leases.map(({ number, holder }) => `${number} (${holder})`).join(", ");
  return new WsError("lease_unavailable", {
    message: `The project '${project}' has no free workspace${holders === "" ? "" : `: taken are ${holders}`}.`,
    next: "Wait for one, or let it have more: 'maxWorkspaces' in its file.",
    data: { project },
  });
}

/** What has a code of its own that says what to do keeps it as its cause. */
function failedAt(project: string, stage: FailedStage, error: unknown): WsError {
  const cause = toWsError(error);
  if (isWsError(cause, "lease_unavailable") || isWsError(cause, "aborted") || isWsError(cause, "lease_failed"))
    return cause;
  return new WsError("lease_failed", {
    message: `A workspace of '${project}' could not be handed out (${stage}): ${cause.message}`,
    data: { project, stage },
    cause,
    ...(cause.next === undefined ? {} : { next: cause.next }),
  });
}
