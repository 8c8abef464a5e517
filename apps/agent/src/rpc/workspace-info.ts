import type { WorkspaceInfo } from "@ws/rpc-contract";
import { statusOf, type Isolation, type StartupStep, type WorkspaceRecord } from "@ws/workspace-core";

/** A record as every surface shows it. */
export function toWorkspaceInfo(record: WorkspaceRecord, isolation: Isolation): WorkspaceInfo {
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
    // Nothing is published: SSH is carried by the agent.
    ports: { ssh: 0 },
    startup: { steps: record.startup.map(toStep), updatedAt: instant(record.updatedAt) },
    ...(operation === undefined ? {} : { operation: operation.kind }),
    ...(repository === undefined ? {} : { repo: repository.url }),
    ...(repository?.branch === undefined ? {} : { branch: repository.branch }),
    ...(record.directory === undefined ? {} : { directory: record.directory }),
    ...(record.image === undefined ? {} : { image: record.image }),
    ...(record.ttlMs === undefined ? {} : { ttlSeconds: seconds(record.ttlMs) }),
    ...(record.ttlRemainingMs === undefined ? {} : { stopsInSeconds: seconds(record.ttlRemainingMs) }),
    ...(failure === undefined ? {} : { failure: { ...failure, at: instant(failure.at) } }),
    ...(record.stopReason === undefined ? {} : { stopReason: record.stopReason }),
  };
}

function toStep({ startedAt, endedAt, ...step }: StartupStep): WorkspaceInfo["startup"]["steps"][number] {
  return {
    ...step,
    ...(startedAt === undefined ? {} : { startedAt: instant(startedAt) }),
    ...(endedAt === undefined ? {} : { endedAt: instant(endedAt) }),
  };
}

function instant(at: number): string {
  return new Date(at).toISOString();
}

function seconds(ms: number): number {
  return Math.round(ms / 1_000);
}
