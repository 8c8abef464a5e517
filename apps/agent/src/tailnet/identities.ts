import type { Socket } from "node:net";
import { WsError, type Clock, type Log } from "@ws/workspace-core";
import type { Caller } from "../access/caller.ts";
import { plainAddress } from "../listening/plain-address.ts";
import { judgeNode, type KnownNode, type Self } from "./judge-node.ts";
import type { LocalApi } from "./local-api.ts";

export interface IdentitiesOptions {
  api: () => LocalApi | undefined;
  /** This machine in the tailnet; undefined where it is in none now. */
  self: () => Self | undefined;
  /** The logins that are let in; the worker's owner where there are none. */
  users: () => readonly string[];
  scope: () => "read" | "write" | "admin";
  /** Notes that this one comes; false where it is not to come so. */
  admit: (node: KnownNode) => boolean;
  clock: Pick<Clock, "monotonic" | "sleep">;
  log: Pick<Log, "info" | "debug">;
  /** Aborts when the agent goes away. */
  closing: AbortSignal;
}

export interface Identities {
  /** Who a connection is from; undefined where nobody says so who can be believed. Never rejects. */
  identify(socket: Socket): Promise<Caller | undefined>;
  /** What a node has open ends, what outlives its connections too, and it is asked about anew. */
  end(id: string): void;
}

const GOOD_FOR_MS = 10_000;
const ASK_AGAIN_MS = 30_000;

/**
 * Asks the Tailscale daemon of this machine who is at the other end of a connection. Nothing of the request counts: whoever
 * sends it chooses what stands there. What was opened ends within half a minute after the answer has changed.
 */
export function createIdentities(options: IdentitiesOptions): Identities {
  const { api, self, users, scope, admit, clock, log, closing } = options;
  const connections = new WeakMap<Socket, Connection>();
  /** Those of nodes that were let in. */
  const present = new Set<Connection>();
  /** What nodes opened that outlives their connections. */
  const staying = new Map<string, Stay>();
  const told = new Set<string>();

  async function ask(socket: Socket): Promise<KnownNode | undefined> {
    const local = plainAddress(socket.localAddress);
    const peer = plainAddress(socket.remoteAddress);
    return self()?.addresses.includes(local) === true
      ? askFor(peer, { port: socket.remotePort ?? 0, comes: true })
      : undefined;
  }

  /** `comes` where it is there itself now. */
  async function askFor(
    peer: string,
    { port, comes }: { port?: number; comes: boolean },
  ): Promise<KnownNode | undefined> {
    const own = self();
    const daemon = api();
    if (own === undefined || daemon === undefined || peer === "") return undefined;
    try {
      const found = await daemon.whois(peer, port);
      if (found === undefined) return undefined;
      const verdict = judgeNode(found, peer, { self: own, users: users() });
      if ("stranger" in verdict) tell(verdict.node, verdict.stranger);
      else if (!comes || admit(verdict.node)) return verdict.node;
      else tell(verdict.node, "it was revoked");
    } catch (error) {
      log.debug("the Tailscale daemon was asked who somebody is, in vain", { peer, error });
    }
    return undefined;
  }

  /** Once for each reason: programs ask again and again. */
  function tell({ id, name, login }: KnownNode, stranger: string): void {
    const news = `${id} ${stranger}`;
    if (told.has(news) || told.size >= MOST_TOLD) return;
    told.add(news);
    log.info("somebody on the tailnet needs a token here", { node: name, login, because: stranger });
  }

  async function look(socket: Socket, connection: Connection): Promise<Caller | undefined> {
    const peer = plainAddress(socket.remoteAddress);
    const node = await ask(socket);
    const { known } = connection;
    if (node !== undefined && known !== undefined && isSame({ ...known, scope: known.caller.scope }, node, scope())) {
      return known.caller;
    }
    if (known !== undefined) leave(connection, "expired");
    if (node === undefined || socket.destroyed) return undefined;
    const ending = new AbortController();
    const { id, name, login } = node;
    const who = `${login} (${name}, tailnet)`;
    const now = scope();
    const stays = (): AbortSignal => (ending.signal.aborted ? ending.signal : stay(node, now, peer));
    const caller: Caller = { who, scope: now, token: { id, gone: ending.signal, stays } };
    connection.known = { node, caller, ending };
    present.add(connection);
    if (!connection.isWatched) void keepLooking(socket, connection);
    return caller;
  }

  function leave(connection: Connection, reason: "expired" | "revoked"): void {
    connection.known?.ending.abort(ended(reason));
    delete connection.known;
    present.delete(connection);
  }

  /** As long as there is somebody at the other end who was let in. */
  async function keepLooking(socket: Socket, connection: Connection): Promise<void> {
    const left = new AbortController();
    const end = (): void => left.abort();
    socket.once("close", end);
    connection.isWatched = true;
    try {
      while (connection.known !== undefined) {
        await clock.sleep(ASK_AGAIN_MS, AbortSignal.any([left.signal, closing]));
        await again(socket, connection);
      }
    } catch {
      // Somebody has left.
    } finally {
      socket.off("close", end);
      connection.isWatched = false;
      present.delete(connection);
    }
  }

  /** One for each node, however many connections it comes by. */
  function stay(node: KnownNode, at: Caller["scope"], peer: string): AbortSignal {
    const before = staying.get(node.id);
    if (before !== undefined && isSame(before, node, at) && before.peer === peer) return before.ending.signal;
    const now: Stay = { node, scope: at, peer, ending: new AbortController() };
    staying.set(node.id, now);
    before?.ending.abort(ended("expired"));
    void keepAsking(now);
    return now.ending.signal;
  }

  /** As long as the tailnet says of the node's address what it said of its connection. */
  async function keepAsking(asked: Stay): Promise<void> {
    const { node, peer, ending } = asked;
    const over = AbortSignal.any([ending.signal, closing]);
    try {
      // It may have been revoked since it was let in.
      for (let comes = true; ; comes = false) {
        const found = await askFor(peer, { comes });
        if (found === undefined || !isSame(asked, found, scope())) break;
        await clock.sleep(ASK_AGAIN_MS, over);
      }
    } catch {
      // It was revoked, or the agent goes away.
    }
    if (staying.get(node.id) === asked) staying.delete(node.id);
    ending.abort(ended("expired"));
  }

  function again(socket: Socket, connection: Connection): Promise<Caller | undefined> {
    connection.askedAt = clock.monotonic();
    return (connection.answer = look(socket, connection));
  }

  return {
    identify(socket) {
      const connection = connections.get(socket) ?? {
        askedAt: -Infinity,
        answer: Promise.resolve(undefined),
        isWatched: false,
      };
      connections.set(socket, connection);
      if (clock.monotonic() - connection.askedAt < GOOD_FOR_MS) return connection.answer;
      return again(socket, connection);
    },
    end(id) {
      for (const connection of present) {
        if (connection.known?.node.id !== id) continue;
        connection.askedAt = -Infinity;
        leave(connection, "revoked");
      }
      staying.get(id)?.ending.abort(ended("revoked"));
    },
  };
}

const MOST_TOLD = 1_000;

interface Connection {
  askedAt: number;
  answer: Promise<Caller | undefined>;
  isWatched: boolean;
  known?: { node: KnownNode; caller: Caller; ending: AbortController };
}

interface Stay {
  node: KnownNode;
  scope: Caller["scope"];
  peer: string;
  ending: AbortController;
}

function isSame(known: { node: KnownNode; scope: Caller["scope"] }, node: KnownNode, scope: Caller["scope"]): boolean {
  return known.node.id === node.id && known.node.login === node.login && known.scope === scope;
}

function ended(reason: "expired" | "revoked"): WsError<"unauthorized"> {
  const message = reason === "revoked" ? "This machine was revoked." : "The tailnet says no longer who you are.";
  return new WsError("unauthorized", { message, data: { reason } });
}
