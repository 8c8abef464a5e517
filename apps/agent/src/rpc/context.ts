import type { Notifications } from "../notifications/keep-notifications.ts";
import type { Clock, Leases, Log, RuntimeStatus, Tasks, WorkspaceRecord, Workspaces } from "@ws/workspace-core";
import type { DoctorCheck, WorkspaceInfo } from "@ws/rpc-contract";
import type { Config } from "../config/config.ts";
import type { ScriptFiles } from "../config/script-files.ts";
import type { KeptGiven } from "../credentials/keep-given.ts";
import type { WorkerCredentials } from "../credentials/worker-credentials.ts";
import type { Caller } from "../access/caller.ts";
import type { Sessions } from "../access/sessions.ts";
import type { Throttle } from "../access/throttle.ts";
import type { Previews } from "../previews/previews.ts";
import type { KeptPullRequests } from "../pull-requests/keep-pull-requests.ts";
import type { Providers } from "../providers/providers.ts";
import type { Reachable } from "../providers/reachable.ts";
import type { Counts } from "../metrics/counts.ts";
import type { Redactor } from "../log/redact.ts";
import type { Links } from "../uplink/links.ts";
import type { HubState } from "../uplink/hub-link.ts";
import type { Tailnet } from "../tailnet/tailnet.ts";
import type { ToolServers } from "../tool-servers/tool-servers.ts";
import type { HostKey } from "../ssh/host-key.ts";
import type { LentAgents } from "../ssh/lent.ts";
import type { SshPorts } from "../ssh/ports.ts";
import type { State } from "../store/store.ts";
import type { UsageHistory } from "../usage-history/keep-usage-history.ts";
import type { KeptUsage } from "../token-usage/keep-usage.ts";
import type { Published } from "./published.ts";

/** What one request brings with it. */
export interface RequestContext {
  caller?: Caller;
  /** The address it came from; `local` on the unix socket. */
  peer: string;
  /** The pin of the certificate that it was shown: base64url of the SHA-256 of the public key (SPKI), empty without TLS. */
  pin: string;
  /** What it called this agent: the Host header. Absent on the local socket. */
  host?: string;
  /** Into which the guard puts what the procedure streams, for whoever sends it. */
  streamed?: { stream?: Published<object> };
}

/** What the running worker offers once its runtime is chosen. */
export interface Worker {
  workspaces: Workspaces;
  /** The runtime of new workspaces as it was last seen. */
  runtime(): RuntimeStatus & { available: boolean };
  /** A record as every surface shows it. */
  show: (record: WorkspaceRecord) => WorkspaceInfo;
  /** Takes the worker's secrets, and a workspace's own, out of a text. */
  clean: Redactor["clean"];
}

/** The open terminals' sockets, as far as procedures need them. */
export interface TerminalSockets {
  connections(): number;
  /** Of a workspace's terminal, by the ids of both; the same for what its program calls what it does. */
  viewers(workspace: string, id: string): number;
  title(workspace: string, id: string): string | undefined;
  renamed(workspace: string, id: string, name: string): void;
}

/** What the procedures stand on. */
export interface Services {
  version: string;
  hostname: string;
  /** Where the worker keeps its workspaces' state. */
  directory: string;
  clock: Clock;
  log: Log;
  redactor: Redactor;
  config: Config;
  scripts: ScriptFiles;
  /** What workspaces may use; there once the worker is. */
  credentials: () => Promise<WorkerCredentials>;
  given: KeptGiven;
  /** What is counted of its answers. */
  counts: Counts;
  state: State;
  /** The worker's own for SSH, made when it is first asked for. */
  hostKey: () => Promise<HostKey>;
  /** Where workspaces answer SSH on this machine's loopback. */
  sshPorts: SshPorts;
  notifications: Notifications;
  lent: Pick<LentAgents, "of">;
  /** Resolves once the runtime is chosen, which is before reconciliation. */
  worker: () => Promise<Worker>;
  /** Resolves once the records are true again, which what is started at a boot does not hold up. */
  ready: () => Promise<Worker>;
  terminals: TerminalSockets;
  pullRequests: KeptPullRequests;
  usageHistory: UsageHistory;
  providers: Providers;
  reachable: Reachable;
  /** Resolves once those that a crash cut off are given back. */
  leases: () => Promise<Leases>;
  /** Resolves once what an earlier agent left is taken up. */
  tasks: () => Promise<Tasks>;
  /** The address of other devices, and the pin of the certificate that they are shown; undefined without TLS. */
  secured: () => { address: string; pin: string } | undefined;
  /** The dashboard's address without a path. */
  dashboard: () => string;
  /** What a revoked token has open ends here. */
  sessions: Pick<Sessions, "revoke">;
  /** Opens the pages of programs in workspaces. */
  previews: Pick<Previews, "open">;
  /** Wrong one-time codes count like wrong tokens. */
  throttle: Throttle;
  /** This machine's place in a tailnet; what a revoked machine of that has open ends here. */
  tailnet: Pick<Tailnet, "end" | "exposure" | "identify" | "names">;
  toolServers: ToolServers;
  usage: KeptUsage;
  doctor: (signal?: AbortSignal) => Promise<DoctorCheck[]>;
  /** The workers that this agent is the hub of. */
  links: Links;
  /** The hub that this worker dials out to, and how it stands with it. */
  hub: () => { url: string; name: string; state: HubState } | undefined;
  /** Aborts when the agent goes away. */
  closing: AbortSignal;
}
