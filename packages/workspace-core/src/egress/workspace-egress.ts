import type { EgressRefusal } from "./refusals.ts";
import type { EgressList, WorkspaceEgress } from "./decide.ts";

/**
 * How a workspace gets out: `open` to everything but the worker and clouds' metadata, `listed` through the proxy to what is on its
 * list, `none` where its image cannot carry that.
 */
export type EgressNetwork = "open" | "listed" | "none";

export interface EgressState {
  network: EgressNetwork;
  /** Why there is no way out. */
  why?: string;
  /** What holds, with who made it; empty where the network is open. */
  list: EgressList;
  own: WorkspaceEgress;
}

/** Where workspaces of the profile `agent` may go. Names are checked first: every method throws `workspace_not_found`. */
export interface WorkspacesEgress {
  get(name: string): EgressState;
  /** Since the agent began; the latest first, 200 at most. */
  refusals(name: string): EgressRefusal[];
  /** For the next connection on. Throws `invalid_input` for an unfit rule, an open network, and what the worker denies. */
  allow(name: string, rule: string): EgressState;
  /** Takes a rule back, and denies the host where something else allows it; connections to it end. Throws `invalid_input`. */
  deny(name: string, host: string): EgressState;
  /** Ends the connections that what changed for the whole worker no longer allows. */
  review(): void;
}
