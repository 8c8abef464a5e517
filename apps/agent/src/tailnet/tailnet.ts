import type { Server } from "node:http";
import type { Server as NetServer } from "node:net";
import type { Clock, Log } from "@ws/workspace-core";
import { freeDeviceName, type DeviceStores } from "../access/device-names.ts";
import type { Config } from "../config/config.ts";
import type { Exposed } from "../listening/exposure.ts";
import type { TailnetNodes } from "../store/tailnet-nodes.ts";
import { createIdentities, type Identities } from "./identities.ts";
import type { KnownNode, Self } from "./judge-node.ts";
import { createListeners, type Listeners } from "./listeners.ts";
import { findLocalApi, type LocalApi } from "./local-api.ts";

/** This machine's place in a tailnet, where the Tailscale daemon of this machine says that it has one. */
export interface Tailnet {
  /** What the worker is called there; none where it is in no tailnet. */
  names(): readonly string[];
  /** Whether it is an address of this machine in the tailnet, which only what is encrypted reaches. */
  isOwn(address: string): boolean;
  identify: Identities["identify"];
  /** What a node has open ends, by the id of its caller's token, and it is looked at anew. */
  end: Identities["end"];
  exposure(): readonly Exposed[];
  /** What listens there beside the agent's own servers. */
  servers(): readonly NetServer[];
  /** Asks the daemon now. Never rejects. */
  look(): Promise<void>;
  /** Has the server answer at the addresses of the tailnet, on this port, and at those that come later; `everywhere` where it does so by itself. */
  listen(server: Server, at: { port: number; everywhere: boolean }): Promise<void>;
}

export interface TailnetOptions {
  config: Pick<Config, "get">;
  /** The machines that came. */
  state: DeviceStores & { tailnetNodes: TailnetNodes };
  clock: Pick<Clock, "monotonic" | "sleep">;
  log: Log;
  /** Aborts when the agent goes away. */
  closing: AbortSignal;
}

const LOOK_AGAIN_MS = 30_000;

export function createTailnet({ config, state, clock, log, closing }: TailnetOptions): Tailnet {
  const isOff = config.get("tailnet.mode") === "off";
  let self: Self | undefined;
  let listening: { listeners?: Listeners; port: number } | undefined;
  const api = (): LocalApi | undefined => (isOff ? undefined : findLocalApi(config.get("tailnet.socket")));
  const scope = (): "read" | "write" | "admin" => config.get("tailnet.scope");
  const users = (): readonly string[] => config.get("tailnet.users");

  const admit = ({ id, name, login }: KnownNode): boolean =>
    state.tailnetNodes.admit({ id, login }, () => freeDeviceName(state, name));
  const identities = createIdentities({ api, self: () => self, users, scope, admit, clock, log, closing });

  async function look(): Promise<void> {
    const daemon = api();
    if (daemon === undefined) {
      self = undefined;
      return;
    }
    try {
      self = await askSelf(daemon);
    } catch (error) {
      // It stays what it was: who somebody is, is asked each time.
      log.debug("the Tailscale daemon does not say where this machine is in its tailnet", { error });
    }
  }

  async function keepLooking(): Promise<void> {
    for (;;) {
      await clock.sleep(LOOK_AGAIN_MS, closing);
      await look();
      await listening?.listeners?.at(self?.addresses ?? []);
    }
  }

  return {
    names: () => (self === undefined || self.name === "" ? [] : [self.name, self.name.split(".")[0] ?? self.name]),
    isOwn: (address) => self?.addresses.includes(address) === true,
    ...identities,
    exposure() {
      const known = users().length > 0 ? users().join(", ") : self?.owner;
      const letsIn = known === undefined ? "who has a token" : `${known} (${scope()}), and who has a token`;
      if (listening === undefined) return [];
      const { listeners, port } = listening;
      return (listeners?.addresses() ?? self?.addresses ?? []).map((address) => ({
        address,
        port,
        by: "tailnet" as const,
        letsIn,
      }));
    },
    servers: () => listening?.listeners?.servers() ?? [],
    look,
    async listen(server, { port, everywhere }) {
      if (isOff) return;
      const listeners = everywhere ? undefined : createListeners(server, port, log);
      listening = { port, ...(listeners === undefined ? {} : { listeners }) };
      await listeners?.at(self?.addresses ?? []);
      keepLooking().catch(() => undefined);
    },
  };
}

/** Undefined where this machine is in no tailnet now. */
async function askSelf(daemon: LocalApi): Promise<Self | undefined> {
  const { BackendState: state, Self: node } = await daemon.status({ peers: false });
  const addresses = node?.TailscaleIPs ?? [];
  const [first] = addresses;
  if (state !== "Running" || node == null || first === undefined) return undefined;
  const isNobodys = (node.Tags ?? []).length > 0;
  const owner = isNobodys ? undefined : (await daemon.whois(first))?.UserProfile.LoginName;
  const name = node.DNSName.replace(/\.$/, "").toLowerCase();
  return { id: node.ID, addresses: addresses.map((address) => address.toLowerCase()), name, owner };
}
