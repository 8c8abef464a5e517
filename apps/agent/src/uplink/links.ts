import type { Duplex } from "node:stream";
import type { WorkerEvent, WorkerInfo } from "@ws/rpc-contract";
import { createCoalescingFeed, excerpt, WsError, type Clock, type Log } from "@ws/workspace-core";
import type { Tokens } from "../store/tokens.ts";
import type { WorkerRecord, WorkerStore } from "../store/workers.ts";
import { LANES, LIMITS, type Lane } from "./lanes.ts";
import { withoutAbsent } from "../without-absent.ts";
import type { HubSession } from "./sessions.ts";
import { parseStatus, type WorkerStatus } from "./status.ts";

/** The workers of a hub and the links that they hold to it. */
export interface Links extends Disposable {
  /** Takes the place of an older link of the worker; the returned part tells what is learnt of it. */
  attach(worker: WorkerRecord, lane: Lane, session: HubSession): LinkReport;
  /** Throws `worker_not_found`, `worker_offline`, `too_many_requests`. */
  open(nameOrId: string, lane: Lane, path: string): Duplex;
  list(): WorkerInfo[];
  /** Throws `worker_not_found`. */
  get(nameOrId: string): WorkerRecord;
  show(worker: WorkerRecord): WorkerInfo;
  /** The record was written: everybody who watches is told. */
  changed(id: string): void;
  /** Ends the worker's links at once. */
  drop(id: string): void;
  events(signal: AbortSignal): AsyncGenerator<WorkerEvent>;
}

export interface LinkReport {
  status(status: WorkerStatus): void;
  latency(ms: number): void;
}

export interface LinksOptions {
  store: WorkerStore;
  tokens: Pick<Tokens, "get">;
  clock: Clock;
  log: Log;
}

interface Held {
  lanes: Partial<Record<Lane, HubSession>>;
  connectedAt: number;
  seenAt: number;
  writtenAt: number;
  status?: WorkerStatus;
  latencyMs?: number;
}

/** When a worker was there last is written down this often; what a crash takes is no more. */
const WRITE_EVERY_MS = 60_000;

export function createLinks({ store, tokens, clock, log }: LinksOptions): Links {
  const links = new Map<string, Held>();
  let over = false;
  const feed = createCoalescingFeed<WorkerEvent>((event) => idOf(event));

  function get(nameOrId: string): WorkerRecord {
    const found = store.get(nameOrId);
    if (found !== undefined) return found;
    const worker = excerpt(nameOrId);
    throw new WsError("worker_not_found", {
      message: `There is no worker '${worker}'.`,
      next: "See them: ws worker list.",
      data: { worker },
    });
  }

  function show(worker: WorkerRecord): WorkerInfo {
    const { id, name, addedAt } = worker;
    const held = links.get(id);
    const isOnline = held?.lanes.interactive !== undefined;
    const status = held?.status ?? parseStatus(worker.status);
    const lastSeen = held?.seenAt ?? worker.lastSeen;
    return {
      id,
      name,
      state: isOnline ? "online" : awayState(worker),
      added: instant(addedAt),
      ...(lastSeen === undefined ? {} : { lastSeen: instant(lastSeen) }),
      ...(isOnline ? { connectedAt: instant(held.connectedAt) } : {}),
      ...(isOnline && held.latencyMs !== undefined ? { latencyMs: held.latencyMs } : {}),
      ...(status === undefined ? {} : withoutAbsent(status)),
    };
  }

  function awayState({ token, lastSeen }: WorkerRecord): WorkerInfo["state"] {
    if (tokens.get(token) === undefined) return "revoked";
    return lastSeen === undefined ? "expected" : "offline";
  }

  function changed(id: string): void {
    const worker = store.get(id);
    feed.emit(worker === undefined ? { type: "removed", id } : { type: "changed", worker: show(worker) });
  }

  function writeDown(id: string, held: Held): void {
    held.writtenAt = held.seenAt;
    try {
      store.seen(id, held.seenAt, held.status);
    } catch (error) {
      // It is told as long as this agent runs, and a full disk must not end a link.
      log.warn("when a worker was seen could not be written down", { worker: id, error });
    }
  }

  function see(id: string, held: Held): void {
    held.seenAt = clock.now();
    if (held.seenAt - held.writtenAt >= WRITE_EVERY_MS || held.writtenAt > held.seenAt) writeDown(id, held);
  }

  function attach({ id, name }: WorkerRecord, lane: Lane, session: HubSession): LinkReport {
    if (over) session.destroy();
    const now = clock.now();
    const held: Held = links.get(id) ?? { lanes: {}, connectedAt: now, seenAt: now, writtenAt: 0 };
    links.set(id, held);
    const older = held.lanes[lane];
    held.lanes[lane] = session;
    older?.destroy();
    if (lane === "interactive") {
      held.connectedAt = now;
      log.info("a worker is there", { worker: name });
    }
    see(id, held);
    changed(id);
    session.onClose(() => {
      if (over || held.lanes[lane] !== session) return;
      delete held.lanes[lane];
      // Seen until now: what is silent was dropped for it, by the heartbeat.
      if (lane === "interactive") {
        log.info("a worker is away", { worker: name });
        if (store.get(id) !== undefined) writeDown(id, held);
      }
      if (Object.keys(held.lanes).length === 0) links.delete(id);
      changed(id);
    });
    return {
      status(status) {
        held.status = status;
        see(id, held);
        changed(id);
      },
      latency(ms) {
        if (lane === "interactive") held.latencyMs = Math.round(ms * 10) / 10;
        see(id, held);
      },
    };
  }

  function drop(id: string): void {
    const held = links.get(id);
    for (const lane of LANES) held?.lanes[lane]?.destroy();
  }

  return {
    attach,
    get,
    show,
    changed,
    drop,
    list: () => store.list().map(show),
    open(nameOrId, lane, path) {
      const worker = get(nameOrId);
      const { interactive, bulk } = links.get(worker.id)?.lanes ?? {};
      if (interactive === undefined) throw offline(show(worker));
      const [used, session] =
        lane === "bulk" && bulk !== undefined ? ["bulk" as const, bulk] : ["interactive" as const, interactive];
      if (session.streams >= LIMITS[used].streams) throw crowded(worker.name);
      try {
        return session.open(path);
      } catch (error) {
        // It is ending in this moment.
        throw offline(show(worker), error);
      }
    },
    async *events(signal) {
      const news = feed.subscribe(signal);
      yield { type: "snapshot", workers: store.list().map(show) };
      yield* news;
    },
    [Symbol.dispose]() {
      // Written now: when the links have ended, what it is written to is closed.
      for (const [id, held] of links) writeDown(id, held);
      over = true;
      for (const id of links.keys()) drop(id);
    },
  };
}

function idOf(event: WorkerEvent): string {
  if (event.type === "snapshot") return "";
  return event.type === "removed" ? event.id : event.worker.id;
}

function offline({ name, state, lastSeen }: WorkerInfo, cause?: unknown): WsError<"worker_offline"> {
  const since = lastSeen === undefined ? "it has never been there" : `it was last seen at ${lastSeen}`;
  const next = {
    revoked: `Its token was revoked: ws worker remove ${name}, then ws worker add ${name}.`,
    expected: `Start it as 'ws worker add ${name}' said: ws agent run --hub URL.`,
  };
  return new WsError("worker_offline", {
    message: `The worker '${name}' is not there; ${since}. Its workspaces and tasks go on without it being reached.`,
    next:
      state === "revoked" || state === "expected"
        ? next[state]
        : "It comes back by itself when its agent and its network do: ws worker list.",
    data: { worker: name, ...(lastSeen === undefined ? {} : { lastSeen: Date.parse(lastSeen) }) },
    cause,
  });
}

function crowded(name: string): WsError<"too_many_requests"> {
  return new WsError("too_many_requests", {
    message: `Too many requests to the worker '${name}' are open at once.`,
    next: "Repeat it when some of them have ended.",
    data: { retryAfterSeconds: 1 },
  });
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
