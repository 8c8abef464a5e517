import type { IncomingHttpHeaders, Server } from "node:http";
import { WsError, type Clock, type Log } from "@ws/workspace-core";
import type { Caller } from "../access/caller.ts";
import type { Config } from "../config/config.ts";
import type { State } from "../store/store.ts";
import { callerFromHub, type Grant } from "./caller.ts";
import type { HubState } from "./hub-link.ts";
import { createLinks, type Links } from "./links.ts";
import type { WorkerStatus } from "./status.ts";
import { createMovement } from "./movement.ts";
import type { Uplinks } from "./uplinks.ts";

/** The hub of this worker, as its settings say. */
export interface Hub {
  url: string;
  name: string;
  grant: Grant;
  token: string;
}

export interface Uplink {
  /** The workers whose hub this agent is. */
  links: Links;
  /** Loaded when the first one asks. */
  uplinks: () => Promise<Uplinks>;
  /** This worker's own hub. */
  readonly hub: Hub | undefined;
  /** Who a request through this worker's own link is from. */
  fromHub: (headers: IncomingHttpHeaders) => Caller | { link: string } | undefined;
  state: () => { url: string; name: string; state: HubState } | undefined;
  /** Whether what keeps the link to the hub goes on, however the hub is; true where there is none, or it refuses this worker. */
  isMoving: () => boolean;
  /** Dials out to the hub, until the signal ends it; `server` answers what comes. */
  dialOut(server: Server, hub: Hub, status: () => Omit<WorkerStatus, "grant">): Promise<void>;
}

export interface UplinkOptions {
  config: Config;
  /** What opens the link to the hub; empty where there is none. */
  token: string;
  state: State;
  version: string;
  clock: Clock;
  random: () => number;
  log: Log;
  /** Aborts when the agent goes away. */
  closing: AbortSignal;
}

/** Both ends of what connects workers with hubs. Throws `config_invalid` where a hub is named and no token is there. */
export function createUplink({ config, token, state, version, clock, random, log, closing }: UplinkOptions): Uplink {
  const hub = hubOf(config, token);
  const { instance } = state.meta;
  const links = createLinks({ store: state.workers, tokens: state.tokens, clock, log });
  let standing: HubState = { kind: "connecting" };
  const movement = createMovement(clock);
  let loading: Promise<Uplinks> | undefined;
  const hubEnd = { store: state.workers, links, audit: state.audit, instance, clock, log };
  closing.addEventListener("abort", () => links[Symbol.dispose](), { once: true });
  return {
    links,
    hub,
    uplinks: () => (loading ??= import("./uplinks.ts").then(({ createUplinks }) => createUplinks(hubEnd))),
    fromHub: (headers) => (hub === undefined ? undefined : callerFromHub(headers, { hub: hub.name, grant: hub.grant })),
    state: () => (hub === undefined ? undefined : { url: hub.url, name: hub.name, state: standing }),
    isMoving: () => standing.kind === "refused" || movement.goesOn(),
    async dialOut(server, { url, token, grant }, status) {
      const { keepHubLink } = await import("./hub-link.ts");
      await keepHubLink({
        url,
        token,
        instance,
        version,
        server,
        clock,
        random,
        log,
        status: () => ({ ...status(), grant }),
        signal: closing,
        onState: (next) => void (standing = next),
        onMove: movement.step,
      });
    },
  };
}

function hubOf(config: Config, token: string): Hub | undefined {
  const url = config.get("hub.url");
  if (url === "") return undefined;
  if (token === "") {
    throw new WsError("config_invalid", {
      message: `The hub ${url} is named, and no token for it is there.`,
      next: "On the hub run 'ws worker add NAME', then give what it prints: ws agent run --hub URL, or WS_HUB_TOKEN.",
      data: { file: "hub.token" },
    });
  }
  const { origin, hostname } = new URL(url);
  return { url: origin, name: config.get("hub.name") || hostname, grant: config.get("hub.grant"), token };
}

/** What opens the link to the hub: the setting's, else what whoever started this is asked for; empty where there is no hub. */
export async function hubToken(config: Config, ask: (() => Promise<string>) | undefined): Promise<string> {
  const kept = config.get("hub.token");
  return config.get("hub.url") === "" || kept !== "" || ask === undefined ? kept : ask();
}
