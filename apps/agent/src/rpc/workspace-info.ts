import type { PullRequest, WorkspaceInfo } from "@ws/rpc-contract";
import {
  statusOf,
  type CredentialSelection,
  type Failure,
  type Isolation,
  type NamedPort,
  type PullRequestInfo,
  type RuntimeName,
  type SeenChecks,
  type StartupStep,
  type WorkspaceRecord,
} from "@ws/workspace-core";
import type { Redactor } from "../log/redact.ts";

type Clean = (text: string) => string;

/** What comes and goes without the record. */
export type Now = (workspace: string) => {
  /** Where it answers SSH on this machine's loopback; 0 where it does not. */
  ssh: number;
  /** Whose SSH agents its programs can sign with. */
  sshAgents: readonly string[];
};

/**
 * How every surface shows a record. What a record became is kept as long as the record: a list of hundreds is asked for
 * again and again, and few of them have changed.
 */
export function createView(
  { isolationOf, now }: { isolationOf: (runtime: RuntimeName) => Isolation; now: Now },
  { clean, revision }: Pick<Redactor, "clean" | "revision">,
): (record: WorkspaceRecord) => WorkspaceInfo {
  let shown = new WeakMap<WorkspaceRecord, { info: WorkspaceInfo; ssh: number; sshAgents: readonly string[] }>();
  let cleanedAt = revision();
  return (record) => {
    if (cleanedAt !== revision()) shown = new WeakMap();
    cleanedAt = revision();
    const { ssh, sshAgents } = now(record.id);
    const known = shown.get(record);
    if (known?.ssh === ssh && known.sshAgents === sshAgents) return known.info;
    const made = toWorkspaceInfo(record, isolationOf(record.runtime), (text) => clean(text, record.id));
    const info = {
      ...made,
      ports: { ...made.ports, ssh },
      ...(sshAgents.length === 0 ? {} : { sshAgents: [...sshAgents] }),
    };
    shown.set(record, { info, ssh, sshAgents });
    return info;
  };
}

function toWorkspaceInfo(record: WorkspaceRecord, isolation: Isolation, clean: Clean): WorkspaceInfo {
  const { repository, operation, failure } = record;
  return {
    id: record.id,
    name: record.name,
    status: statusOf(record),
    phase: record.phase,
    containerId: record.handle ?? "",
    created: instant(record.createdAt),
    lastUsed: instant(record.lastUsedAt),
    runtime: record.runtime,
    isolation,
    profile: record.profile,
    limits: { ...record.limits },
    ports: { ssh: 0, ...(record.ports === undefined ? {} : { forwards: record.ports.map(asForward) }) },
    startup: { steps: record.startup.map((step) => toStep(step, clean)), updatedAt: instant(record.updatedAt) },
    ...(operation === undefined ? {} : { operation: operation.kind }),
    ...(operation?.step === undefined ? {} : { operationStep: operation.step }),
    ...(repository === undefined ? {} : { repo: repository.url }),
    ...(repository?.branch === undefined ? {} : { branch: repository.branch }),
    ...(repository?.baseBranch === undefined ? {} : { baseBranch: repository.baseBranch }),
    ...(record.execution === undefined ? {} : { execution: { ...record.execution } }),
    ...(record.pullRequest === undefined ? {} : { pullRequest: toPullRequest(record.pullRequest) }),
    ...(record.checks === undefined ? {} : { checks: toChecks(record.checks) }),
    ...(record.directory === undefined ? {} : { directory: record.directory }),
    ...(record.image === undefined ? {} : { image: record.image }),
    ...(record.docker === undefined ? {} : { nested: record.docker }),
    ...(record.devcontainer?.plan === undefined ? {} : { devcontainer: record.devcontainer.plan.path }),
    ...(record.credentials === undefined ? {} : { credentials: asSent(record.credentials) }),
    ...(Object.keys(record.env).length === 0 ? {} : { variables: Object.keys(record.env).sort() }),
    ...(record.ttlMs === undefined ? {} : { ttlSeconds: seconds(record.ttlMs) }),
    ...(record.idleMs === undefined ? {} : { idleSeconds: seconds(record.idleMs) }),
    ...(record.autoCleanup === undefined ? {} : { autoCleanup: record.autoCleanup }),
    ...(record.diskBytes === undefined ? {} : { diskBytes: record.diskBytes }),
    ...(record.ttlRemainingMs === undefined ? {} : { stopsInSeconds: seconds(record.ttlRemainingMs) }),
    ...(failure === undefined ? {} : { failure: toFailure(failure, clean) }),
    ...(record.stopReason === undefined ? {} : { stopReason: record.stopReason }),
  };
}

export function toPullRequest({ createdAt, mergedAt, ...pullRequest }: PullRequestInfo): PullRequest {
  return {
    ...pullRequest,
    createdAt: instant(createdAt),
    ...(mergedAt === undefined ? {} : { mergedAt: instant(mergedAt) }),
  };
}

function toChecks({ state, failed, at }: SeenChecks): NonNullable<WorkspaceInfo["checks"]> {
  return { state, failed: [...failed], at: instant(at) };
}

/** What programs said on the way may hold a secret. */
function toFailure({ message, next, at, ...failure }: Failure, clean: Clean): WorkspaceInfo["failure"] {
  return {
    ...failure,
    message: clean(message),
    ...(next === undefined ? {} : { next: clean(next) }),
    at: instant(at),
  };
}

function toStep(
  { startedAt, endedAt, message, ...step }: StartupStep,
  clean: Clean,
): WorkspaceInfo["startup"]["steps"][number] {
  return {
    ...step,
    ...(message === undefined ? {} : { message: clean(message) }),
    ...(startedAt === undefined ? {} : { startedAt: instant(startedAt) }),
    ...(endedAt === undefined ? {} : { endedAt: instant(endedAt) }),
  };
}

function asForward({ port, label, local = port }: NamedPort): { host: number; container: number; label: string } {
  return { host: local, container: port, label };
}

function instant(at: number): string {
  return new Date(at).toISOString();
}

function seconds(ms: number): number {
  return Math.round(ms / 1_000);
}

function asSent(selection: CredentialSelection): "all" | "none" | string[] {
  return typeof selection === "string" ? selection : [...selection];
}
