import type { StartRequest } from "./api.ts";
import { requireCheckout } from "./checkout.ts";
import type { DevcontainerMode } from "./devcontainer/plan.ts";
import { devcontainerOf } from "./devcontainer/require.ts";
import type { Engine } from "./engine.ts";
import { requireDocker } from "./nested-docker.ts";
import { checkBranches, onItsBranch, repositoryOf, requireKept, requirePlain, requireRepository } from "./request.ts";
import type { Repository, WorkspaceRecord } from "./workspace.ts";

/** The record of a failed workspace as it is tried again: what is asked for now takes the place of what was. */
export function asAskedAgain(engine: Engine, record: WorkspaceRecord, request: StartRequest): WorkspaceRecord {
  const { profile = record.profile, ttlMs = record.ttlMs, credentials = record.credentials } = request;
  const { idleMs, execution, autoCleanup } = request;
  const docker = request.docker ?? record.docker;
  if (execution !== undefined) requirePlain(execution);
  const runtime = engine.runtime(request.runtime ?? record.runtime).name;
  const { image: before, docker: _docker, devcontainer: _devcontainer, ...kept } = record;
  // An image that was asked of another runtime means nothing to this one.
  const image = request.image ?? (runtime === record.runtime ? before : undefined);
  const limits = { ...record.limits, ...request.limits };
  requireKept(runtime, { profile, limits, image });
  requireDocker(engine, runtime, { docker, profile, image });
  const repository = repositoryAgain(engine, record, request);
  const devcontainer = request.devcontainer ?? devcontainerBefore(record, request);
  const mode = devcontainerOf(runtime, { devcontainer, clone: repository?.url, image, docker });
  return {
    ...kept,
    runtime,
    profile,
    limits,
    env: { ...record.env, ...request.env },
    ...(credentials === undefined ? {} : { credentials }),
    ...(image === undefined ? {} : { image }),
    ...(docker === undefined ? {} : { docker }),
    ...(mode === undefined ? {} : { devcontainer: { mode } }),
    ...(repository === undefined ? {} : { repository }),
    ...(ttlMs === undefined ? {} : { ttlMs, ttlRemainingMs: ttlMs }),
    ...(idleMs === undefined ? {} : { idleMs }),
    ...(execution === undefined ? {} : { execution }),
    ...(autoCleanup === undefined ? {} : { autoCleanup }),
  };
}

/** Who names the repository says all of it anew, this too; what the worker's own setting chose holds for every repository. */
function devcontainerBefore({ devcontainer }: WorkspaceRecord, { clone }: StartRequest): DevcontainerMode | undefined {
  const mode = devcontainer?.mode;
  return clone === undefined || mode === "optional" ? mode : undefined;
}

function repositoryAgain(engine: Engine, record: WorkspaceRecord, request: StartRequest): Repository | undefined {
  const { clone, branch, base, checkout, execution = record.execution } = request;
  const named = { id: record.id, name: record.name, execution };
  const asked = clone === undefined ? undefined : repositoryOf(engine, clone, request);
  // Who names the repository says all of it anew: a base that was wrong is gone by leaving it out.
  if (asked !== undefined) return onItsBranch(engine, asked, named);
  const { repository } = record;
  if (repository !== undefined) {
    checkBranches(engine, request);
    if (checkout !== undefined) requireCheckout(checkout);
    const { branchIsNew: _new, branch: before, ...kept } = repository;
    const own = onItsBranch(engine, kept, { ...named, execution: record.execution });
    // Named after its job, it is named anew with another one.
    const again = before === own.branch ? onItsBranch(engine, kept, named) : repository;
    return {
      ...(branch === undefined ? again : { ...kept, branch }),
      ...(checkout === undefined ? {} : { checkout }),
      ...(base === undefined ? {} : { baseBranch: base }),
    };
  }
  requireRepository(request);
  return undefined;
}
