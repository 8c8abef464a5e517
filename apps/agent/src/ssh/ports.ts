import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import {
  statusOf,
  toWsError,
  workspaceNotFound,
  WsError,
  type Clock,
  type Log,
  type WorkspaceId,
  type Workspaces,
} from "@ws/workspace-core";
import { toCaller } from "../access/authenticate.ts";
import { authorize } from "../access/authorize.ts";
import { LOCAL_ADMIN, type Caller } from "../access/caller.ts";
import type { Sessions } from "../access/sessions.ts";
import type { Throttle } from "../access/throttle.ts";
import type { Redactor } from "../log/redact.ts";
import type { Report } from "../rpc/report.ts";
import type { State } from "../store/store.ts";
import { createNews } from "../terminals/news.ts";
import type { Crowd } from "./crowd.ts";
import type { HostKey } from "./host-key.ts";
import { isKey } from "./known-key.ts";
import type { SshGuest } from "./server.ts";
import type { LentAgents } from "./lent.ts";
import { createSshPlace, type SshCore } from "./workspace-place.ts";

/** Where running workspaces answer SSH on this machine's own loopback, for programs that know host and port only. */
export interface SshPorts {
  /** 0 where it has none: it does not run, or nobody has a key. */
  of(workspace: string): number;
  /** To be called when a key was set or taken away, or somebody has gone who had one. */
  keysChanged(): void;
}

export interface SshPortsOptions {
  /** Resolves once records and runtimes agree. */
  workspaces: () => Promise<SshCore & Pick<Workspaces, "events" | "list">>;
  state: Pick<State, "audit" | "sshKeys" | "tokens" | "workspaces">;
  sessions: Pick<Sessions, "gone">;
  throttle: Throttle;
  crowd: Crowd;
  lent: LentAgents;
  hostKey: () => Promise<HostKey>;
  report: Report;
  redactor: Pick<Redactor, "clean">;
  clock: Clock;
  log: Log;
  /** Aborts when the agent goes away. */
  closing: AbortSignal;
}

/** Wrong keys are counted apart from wrong tokens: whoever tries them must not lock the dashboard out. */
const peerOf = ({ remoteAddress = "unknown" }: Socket): string => `ssh ${remoteAddress}`;
/** Of one workspace, those among them who have not logged in yet too. */
const MOST_SOCKETS = 128;

interface Listening {
  server: Server;
  sockets: Set<Socket>;
  port: number;
}

/** Somebody who came by a key. */
interface Guest {
  owner: string;
  key: string;
  leave: () => void;
}

/** Keeps a listener for each workspace that runs, as long as there is a key that could let somebody in. */
export function keepSshPorts(options: SshPortsOptions): SshPorts {
  const { workspaces, state, sessions, throttle, crowd, hostKey, clock, log, closing } = options;
  const open = new Map<WorkspaceId, Listening>();
  const guests = new Set<Guest>();
  const news = createNews();
  let hasKeys = false;

  function settle(id: WorkspaceId): void {
    const record = state.workspaces.get(id);
    const isWanted = record !== undefined && statusOf(record) === "running" && hasKeys && !closing.aborted;
    if (isWanted === open.has(id)) return;
    if (isWanted) listen(id);
    else close(id);
  }

  function listen(id: WorkspaceId): void {
    const sockets = new Set<Socket>();
    const server = createServer({ noDelay: true }, (socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => sockets.delete(socket));
      if (sockets.size > MOST_SOCKETS) return void socket.destroy();
      serve(id, socket).catch((error: unknown) => {
        log.error("SSH could not be answered", { error });
        socket.destroy();
      });
    });
    const listening: Listening = { server, sockets, port: 0 };
    open.set(id, listening);
    server.on("error", (error) => {
      log.warn("a workspace has no port for SSH", { workspace: id, error });
      open.delete(id);
    });
    server.listen(0, "127.0.0.1", () => (listening.port = (server.address() as AddressInfo).port));
  }

  async function serve(id: WorkspaceId, socket: Socket): Promise<void> {
    const { serveSsh } = await import("./server.ts");
    // Whoever tries wrong ones comes from the same address as everybody here: the first that is offered is always looked at.
    const mayOfferMore = (): boolean => throttle.wait(peerOf(socket)) === 0;
    serveSsh(socket, {
      hostKey: await hostKey(),
      log,
      strange() {
        if (mayOfferMore()) throttle.fail(peerOf(socket));
      },
      mayOfferMore,
      known: (offered) => guestOf(id, offered, socket),
    });
  }

  /** Whose key it is, where that one may write in this workspace now; a key by itself lets nobody in. */
  function guestOf(id: WorkspaceId, offered: Buffer, socket: Socket): SshGuest | undefined {
    for (const { owner, key } of state.sshKeys.live()) {
      const caller = isKey(key, offered) ? callerOf(owner) : undefined;
      if (caller === undefined || !mayWrite(caller, id)) continue;
      const { gone } = caller.token ?? {};
      return {
        key,
        place: placeOf(id, caller),
        come(leave) {
          // What is closed already tells nobody so again.
          if (socket.closed) throw new Error("it has left");
          const name = current(id);
          const tell = (outcome: string): void =>
            state.audit.append({ who: caller.who, action: "ssh", target: name, outcome, details: { by: "port" } });
          try {
            if (!isLive({ owner, key })) throw keyTakenAway();
            socket.once("close", crowd.enter(caller.who));
          } catch (error) {
            const { code } = toWsError(error);
            if (news.tell([caller.who, id], code)) tell(code);
            throw error;
          }
          news.tell([caller.who, id], "ok");
          tell("ok");
          const guest: Guest = { owner, key, leave };
          guests.add(guest);
          socket.once("close", () => guests.delete(guest));
          gone?.addEventListener("abort", leave, { once: true });
          socket.once("close", () => gone?.removeEventListener("abort", leave));
          if (gone?.aborted === true) leave();
        },
      };
    }
    return undefined;
  }

  function isLive({ owner, key }: Omit<Guest, "leave">, live = state.sshKeys.live()): boolean {
    return live.some((one) => one.owner === owner && one.key === key);
  }

  function callerOf(owner: string): Caller | undefined {
    if (owner === "local") return LOCAL_ADMIN;
    const token = state.tokens.get(owner);
    return token === undefined ? undefined : toCaller(token, sessions.gone(token.id));
  }

  function current(id: WorkspaceId): string {
    const record = state.workspaces.get(id);
    if (record !== undefined && record.phase !== "cleaned_up") return record.name;
    throw workspaceNotFound(id, state.workspaces);
  }

  function placeOf(id: WorkspaceId, caller: Caller) {
    const { report, redactor, lent } = options;
    const audit = state.audit;
    return createSshPlace(
      {
        get name() {
          return state.workspaces.get(id)?.name ?? id;
        },
        who: () => caller.who,
        id: () => id,
        policy: () => caller.policy,
        current: () => current(id),
        clean: (text) => redactor.clean(text, id),
        report(error) {
          const { message, data } = report(error, id);
          return { code: data.code, message, ...(data.next === undefined ? {} : { next: data.next }) };
        },
      },
      { workspaces, audit, lent, clock },
    );
  }

  function close(id: WorkspaceId): void {
    const listening = open.get(id);
    open.delete(id);
    listening?.server.close();
    for (const socket of listening?.sockets ?? []) socket.destroy();
  }

  function settleAll(): void {
    hasKeys = state.sshKeys.live().length > 0;
    const all = state.workspaces.list().map(({ id }) => id);
    for (const id of new Set([...all, ...open.keys()])) settle(id);
  }

  async function follow(): Promise<void> {
    const changes = (await workspaces()).events(closing);
    settleAll();
    for await (const change of changes) {
      if (change.type === "changed") settle(change.record.id);
      else if (change.type === "removed") settle(change.id);
    }
  }
  closing.addEventListener("abort", settleAll, { once: true });
  follow().catch((error: unknown) => {
    if (!closing.aborted) log.error("workspaces have no ports for SSH", { error });
  });

  return {
    of: (workspace) => open.get(workspace as WorkspaceId)?.port ?? 0,
    keysChanged() {
      settleAll();
      const live = state.sshKeys.live();
      for (const guest of guests) if (!isLive(guest, live)) guest.leave();
    },
  };
}

function keyTakenAway(): WsError<"unauthorized"> {
  return new WsError("unauthorized", {
    message: "This SSH key was taken away from the worker.",
    next: "Tell it the one that is good: ws ssh-config.",
    data: { reason: "revoked" },
  });
}

function mayWrite(caller: Caller, id: WorkspaceId): boolean {
  try {
    authorize(caller, { needs: "write", ownWorkspace: true }, { name: id }, () => id);
    return true;
  } catch (error) {
    if (error instanceof WsError) return false;
    throw error;
  }
}
