import { lookup as systemLookup } from "node:dns/promises";
import { tmpdir } from "node:os";
import type { SecureContext } from "node:tls";
import type { Log } from "@ws/workspace-core";
import type { Lookup } from "./addresses.ts";
import { freeBytes, type FreeBytes } from "../limits/free-space.ts";
import { createSpoolAccount, type SpoolAccount } from "../limits/spool-account.ts";
import { createTurns, type Turns } from "../limits/turns.ts";
import { type LocalUpstream, trust, type UpstreamTimeouts } from "./upstream.ts";

export interface NetworkOptions {
  log: Log;
  /** Certificates of authorities, as PEM, trusted beside the machine's own. */
  ca?: readonly string[];
  /** Lets workspaces reach forges at private addresses other than their own repository's; off unless set. */
  allowPrivateAddresses?: boolean;
  /** How names resolve; the machine's resolver where absent. */
  lookup?: Lookup;
  timeouts?: Partial<UpstreamTimeouts>;
  /** A directory on a disk with room for the pushes of workspaces while they are judged; the machine's temporary one where absent. */
  scratch?: string;
  /** Free space where a directory lies, in bytes; asked of the disk where absent. */
  freeBytes?: FreeBytes;
  /** Milliseconds since 1970; the machine's clock where absent. */
  now?: () => number;
  /** Repositories of the worker itself, under a host name of their own. */
  local?: LocalUpstream;
  /** The text of a `known_hosts`, asked for at each connection by SSH; only keys that were given with a credential are known where absent. */
  knownHosts?: () => Promise<string>;
}

/** How the worker reaches forges, the same for workspaces and for its own git. */
export interface Network {
  log: Log;
  secureContext: () => SecureContext;
  allowPrivateAddresses: boolean;
  lookup: Lookup;
  timeouts: UpstreamTimeouts;
  scratch: string;
  freeBytes: FreeBytes;
  /** Of all pushes that lie in `scratch`. */
  account: SpoolAccount;
  now: () => number;
  local?: LocalUpstream;
  knownHosts: () => Promise<string>;
  /** Looking at pushes, of all workspaces, takes memory. */
  inspections: Turns;
}

const INSPECTIONS_AT_ONCE = 2;

export function createNetwork(options: NetworkOptions): Network {
  let context: SecureContext | undefined;
  const { local } = options;
  const lookup: Lookup = options.lookup ?? ((host) => systemLookup(host, { all: true }));
  return {
    log: options.log,
    // Reading a machine's certificates takes a while, and an agent that starts needs none.
    secureContext: () => (context ??= trust(options.ca ?? [])),
    allowPrivateAddresses: options.allowPrivateAddresses ?? false,
    // A private address, so that it takes a right to be led there.
    lookup: async (host) => (host === local?.host ? [{ address: "127.0.0.1", family: 4 }] : lookup(host)),
    ...(local === undefined ? {} : { local }),
    timeouts: { connectMs: 15_000, idleMs: 300_000, ...options.timeouts },
    scratch: options.scratch ?? tmpdir(),
    freeBytes: options.freeBytes ?? freeBytes,
    account: createSpoolAccount(),
    now: options.now ?? Date.now,
    knownHosts: options.knownHosts ?? (async () => ""),
    inspections: createTurns(INSPECTIONS_AT_ONCE),
  };
}
