import { excerpt, timeLimit, WsError, type Clock, type Log, type ToolServer } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import type { Audit } from "../store/audit.ts";
import { lookAtServer, type Offer } from "./look-at-server.ts";

/** A server of tools that the setting `agents.mcp` names, as it is now. */
export interface ServerState {
  name: string;
  url: string;
  /** `approved`: coding tools are given it; `new`: nobody has approved it yet; `changed`: it is not what was approved. */
  state: "approved" | "new" | "changed" | "unreachable";
  offer?: Offer;
  /** Why it is not reached. */
  why?: string;
}

/** The servers whose tools coding tools are given: those that were approved, as long as they are what was approved. */
export interface ToolServers {
  given(): Promise<ToolServer[]>;
  list(signal?: AbortSignal): Promise<ServerState[]>;
  /** Throws `invalid_input`: for a name that is none, one that is not reached, and one that is not what was looked at. */
  approve(name: string, sha256: string | undefined, signal?: AbortSignal): Promise<ServerState>;
}

const PATIENCE_MS = 10_000;

export function createToolServers(ports: {
  config: Pick<Config, "get" | "set" | "variable">;
  audit: Pick<Audit, "append">;
  clock: Clock;
  log: Log;
  version: string;
  closing: AbortSignal;
}): ToolServers {
  const { config, audit, clock, log, version, closing } = ports;
  /** What was last told of each, so that each change is told once. */
  const told = new Map<string, string>();

  async function look(name: string, signal: AbortSignal = closing): Promise<ServerState> {
    const server = config.get("agents.mcp")[name];
    if (server === undefined) throw unknown(name);
    const { url, sha256 } = server;
    using limit = timeLimit(clock, PATIENCE_MS);
    try {
      const offer = await lookAtServer(url, { version, signal: AbortSignal.any([limit.signal, signal, closing]) });
      const state = sha256 === undefined ? "new" : sha256 === offer.sha256 ? "approved" : "changed";
      return { name, url, state, offer };
    } catch (error) {
      const why = limit.signal.aborted ? `It did not answer within ${PATIENCE_MS / 1_000} s.` : messageOf(error);
      return { name, url, state: "unreachable", why };
    }
  }

  function list(signal?: AbortSignal): Promise<ServerState[]> {
    return Promise.all(Object.keys(config.get("agents.mcp")).map((name) => look(name, signal)));
  }

  function tell({ name, url, state, offer, why }: ServerState): void {
    const news = `${state} ${offer?.sha256 ?? ""}`;
    if (told.get(name) === news) return;
    told.set(name, news);
    if (state === "approved") return;
    log.warn("a server of tools is not given to coding tools", {
      name,
      url,
      state,
      ...(why === undefined ? {} : { why }),
    });
    if (state === "changed") audit.append({ who: "agent", action: "mcp.withhold", target: name, outcome: "changed" });
  }

  return {
    list,
    async given() {
      const states = await list();
      for (const state of states) tell(state);
      return states.flatMap(({ name, url, state }) => (state === "approved" ? [{ name, url }] : []));
    },
    async approve(name, sha256, signal) {
      const variable = config.variable("agents.mcp");
      if (variable !== undefined) throw fixed(variable);
      const found = await look(name, signal);
      if (found.offer === undefined) throw unreached(found);
      if (sha256 !== undefined && sha256 !== found.offer.sha256) throw moved(name);
      const servers = config.get("agents.mcp");
      config.set("agents.mcp", { ...servers, [name]: { url: found.url, sha256: found.offer.sha256 } });
      return { ...found, state: "approved" };
    },
  };
}

function messageOf(error: unknown): string {
  const { message, cause } = error as Error;
  return excerpt(cause instanceof Error ? `${message}: ${cause.message}` : message);
}

function unknown(name: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `The setting agents.mcp names no server '${excerpt(name)}'.`,
    next: `Name it there: ws config set agents.mcp '{"NAME": {"url": "https://…/mcp"}}'. See them: ws mcp list.`,
    data: { field: "name" },
  });
}

function unreached({ name, why = "" }: ServerState): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `The server '${name}' cannot be looked at, and what nobody has seen is not approved: ${why}`,
    next: "See that it answers at its address, from the worker: ws mcp list.",
    data: { field: "name" },
  });
}

function moved(name: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `The server '${name}' has changed its tools since they were looked at.`,
    next: `Look at them again: ws mcp approve ${name}.`,
    data: { field: "sha256" },
  });
}

function fixed(variable: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `The setting agents.mcp comes from ${variable}, where nothing can be approved.`,
    next: `Put the hash, which 'ws mcp list --json' shows, into ${variable} as "sha256", or set agents.mcp in config.json instead.`,
    data: { field: "name" },
  });
}
