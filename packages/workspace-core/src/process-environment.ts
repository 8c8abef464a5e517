import type { Box } from "./box.ts";
import { devcontainerEnvironment } from "./devcontainer/in-workspace.ts";
import type { Engine } from "./engine.ts";
import type { Identity } from "./ports.ts";
import { inTime } from "./time-limit.ts";
import type { WorkspaceRecord } from "./workspace.ts";

/** The environment of every process of a workspace: the worker's, the workspace's own, then what says where one is. */
export async function environmentOf(
  engine: Engine,
  record: WorkspaceRecord,
  box: Box,
): Promise<Record<string, string>> {
  return {
    ...(engine.setup.identity === undefined ? {} : await identityIn(engine, record, box)),
    ...devcontainerEnvironment(record),
    ...(await engine.setup.environment(record)),
    ...record.env,
    // Any other proxy could not be reached from where there is no network.
    ...engine.egress.environment(box, record),
    WS_ID: record.id,
    WS_NAME: record.name,
    ...(record.repository === undefined ? {} : { WORKSPACE_REPO_URL: record.repository.url }),
  };
}

/** It is a moment's work, but the workspace can hold up whoever writes there. */
const PATIENCE_MS = 5_000;

/** Variables would be stronger than what somebody says with `git config`, so they are only used where git's configuration cannot say it. */
async function identityIn(
  { setup, git, clock, log }: Engine,
  record: WorkspaceRecord,
  box: Box,
): Promise<Record<string, string>> {
  const identity = (await setup.identity?.(record)) ?? {};
  const late = (): Error => new Error(`not done within ${PATIENCE_MS / 1_000} s`);
  try {
    if (await inTime(clock, { ms: PATIENCE_MS, late }, (signal) => git.identify(box, identity, signal))) return {};
  } catch (error) {
    log.warn("git in a workspace is told by variables in whose name it commits", { workspace: record.name, error });
  }
  return variablesOf(identity);
}

function variablesOf({ name, email }: Identity): Record<string, string> {
  return {
    ...(name === undefined ? {} : { GIT_AUTHOR_NAME: name, GIT_COMMITTER_NAME: name }),
    ...(email === undefined ? {} : { GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_EMAIL: email }),
  };
}
