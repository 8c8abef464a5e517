import { randomBytes } from "node:crypto";
import { createWorkspaces, type Clock, type Decision, type Disk, type Log, type Setup } from "@ws/workspace-core";
import type { Config } from "./config/config.ts";
import { createEgressPorts } from "./egress/egress-ports.ts";
import type { Redactor } from "./log/redact.ts";
import type { Worker } from "./rpc/context.ts";
import { createView, type Now } from "./rpc/workspace-info.ts";
import type { Adapters } from "./runtimes/adapters.ts";
import type { ForgeCredentials } from "./runtimes/forge-credentials.ts";
import { chooseRuntimes, type ChoiceOptions } from "./runtimes/choose.ts";
import { prepareAhead, type ImageNews } from "./runtimes/prepare.ts";
import { watchStatus } from "./runtimes/monitor.ts";
import { holding } from "./leases/keep-leases.ts";
import { asExecution } from "./audit/execution.ts";
import type { AuditRecord } from "./store/audit.ts";
import type { State } from "./store/store.ts";

export interface BootOptions {
  adapters: Adapters;
  credentials: ForgeCredentials;
  setting: ChoiceOptions["setting"];
  state: State;
  config: Pick<Config, "get">;
  /** What is true of a workspace now and stands in no record. */
  now: Now;
  onImage?: (news: ImageNews) => void;
  setup: Setup;
  disk: Disk;
  clock: Clock;
  log: Log;
  redactor: Redactor;
  signal: AbortSignal;
}

/** Chooses the runtime and builds the core on it; records and runtimes are brought to agreement by the caller. */
export async function bootWorker(options: BootOptions): Promise<Worker> {
  const { adapters, credentials, setting, state, config, setup, disk, clock, log, redactor, signal } = options;
  const { meta } = state;
  const choice = await chooseRuntimes({
    adapters,
    setting,
    recorded: meta.getRuntime(),
    record: meta.setRuntime,
    clock,
    log,
    signal,
  });
  const workspaces = createWorkspaces({
    runtimes: choice.runtimes,
    store: state.workspaces,
    git: await adapters.git(credentials.source),
    credentials: credentials.source,
    forges: await adapters.forges(),
    policies: state.policies,
    egress: createEgressPorts({ adapters, config, audit: state.audit }),
    usageLog: state.usage,
    setup,
    disk,
    clock,
    log,
    decisions: { add: (decision) => state.audit.append(asAudited(decision)) },
    leaseOf: (id) => holding(state.leases, id),
    allowsDocker: () => config.get("docker.nested"),
    newId: () => `ws-${randomBytes(6).toString("hex")}`,
    openTerminals: adapters.openTerminals,
    openRuns: adapters.openRuns,
  });
  if (choice.status !== undefined) {
    const isOwn = config.get("docker.image") === "";
    const tell = options.onImage;
    void prepareAhead(choice.runtimes[0], { clock, log, signal, isOwn, ...(tell === undefined ? {} : { tell }) });
  }
  const monitor = await watchStatus(workspaces, choice, log, signal);
  const show = createView({ isolationOf: monitor.isolationOf, now: options.now }, redactor);
  return { workspaces, runtime: monitor.current, show, clean: redactor.clean };
}

/** What the worker did by itself stands beside what callers did. */
function asAudited({ action, workspace, outcome, reason, holder, ran }: Decision): Omit<AuditRecord, "at"> {
  return {
    who: "agent",
    action: `workspaces.${action}`,
    target: workspace.name,
    outcome: outcome === "done" ? "ok" : outcome,
    details:
      ran === undefined
        ? { reason, ...(holder === undefined ? {} : { holder }) }
        : asExecution({ command: [reason], ...ran }, String),
  };
}
