import { randomBytes } from "node:crypto";
import { accessSync, constants, mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { CredentialService, makeHelperScript } from "@ws/credentials";
import { createForgeFetch, createGit, createGitHubForge } from "@ws/git-provider";
import { createLocalRuntime } from "@ws/local-runtime";
import {
  createTerminals,
  createWorkspaces,
  WsError,
  type Clock,
  type CredentialSource,
  type Forge,
  type Git,
  type Log,
  type WorkspaceId,
  type Workspaces,
} from "@ws/workspace-core";
import { settingsOf, type Credentials, type Settings, type WorkspaceServiceOptions } from "./config.ts";
import type { Emitter } from "./events.ts";
import { identityEnvironment } from "./identity.ts";
import type { Workspace } from "./objects.ts";
import { observedSource, observedStore } from "./observe.ts";
import { createRights, type Rights } from "./rights.ts";
import { asDiskFull, codeOf } from "./state/durable-file.ts";
import { openState, type State } from "./state/state.ts";
import { diskOf, QUIET_LOG, SYSTEM_CLOCK } from "./system.ts";

/** What a service works with, once it is open. */
export interface Parts extends AsyncDisposable {
  settings: Settings;
  state: State;
  workspaces: Workspaces;
  git: Git;
  forges: readonly Forge[];
  source: CredentialSource;
  rights: Rights;
  emit: Emitter["emit"];
  /** Of processes in workspaces, besides what each was given itself. */
  environment: () => Promise<Record<string, string>>;
  /** What is being done, by workspace. */
  progress: ReadonlyMap<string, NonNullable<Workspace["progress"]>>;
  clock: Clock;
  fetch: typeof globalThis.fetch;
  log: Log;
  /** Aborts when the service closes. */
  closing: AbortSignal;
}

/**
 * Opens the directory of a service and composes the core with its adapters; what an earlier process left is true again when it
 * resolves. Throws `state_locked`, `state_corrupt`, `permission_denied`, `not_a_directory`, `disk_full`, `config_invalid`.
 */
export async function openParts(options: WorkspaceServiceOptions, emit: Emitter["emit"]): Promise<Parts> {
  const settings = settingsOf(options.config ?? {});
  const { config, directory } = settings;
  const { logger: log = QUIET_LOG } = options;
  const { clock = SYSTEM_CLOCK, ca = [], forges = [forgeOf(settings, log)] } = config;
  const fetch = config.fetch ?? globalThis.fetch;
  await using opening = new AsyncDisposableStack();
  if (config.credentialHelperDir !== undefined) {
    log.warn("credentialHelperDir is not used: each workspace has its helper in itself", {
      directory: config.credentialHelperDir,
    });
  }
  requireDirectory(directory);
  const closing = new AbortController();
  const state = opening.use(openState(join(directory, ".state")));
  const service = options.credentialService ?? opening.use(ownCredentials(settings, { state, log }));
  const source = observedSource(service.source, emit, (workspace) => {
    // One that is kept is pushed with it once more, when somebody asks for that.
    const { phase = "cleaned_up" } = state.store.get(workspace) ?? {};
    if (["provisioning", "error", "cleaned_up"].includes(phase)) state.tokens.delete(workspace);
  });
  const { bring, narrow } = service.source;
  const rights = createRights({ state, source, bring, narrow, log });
  const store = observedStore(state.store, emit, {
    gone(workspace) {
      rights.forget(workspace);
      forgetAll(workspace, state, emit);
    },
    finalized: rights.settle,
  });
  const git = createGit({
    log,
    ca,
    credentials: source,
    helperScript: makeHelperScript,
    // On the disk of the workspaces, where no other user and no workspace sees it.
    scratch: join(directory, ".state", "pushes"),
    // Whom this user trusts already; a file that is not there trusts nobody.
    knownHosts: () => readFile(join(homedir(), ".ssh", "known_hosts"), "utf8").catch(() => ""),
    allowPrivateAddresses: config.allowPrivateAddresses ?? false,
    ...(config.branchPrefix === undefined ? {} : { branchPrefix: config.branchPrefix }),
    ...(config.objectsDir === undefined ? {} : { objects: config.objectsDir }),
  });
  const identity = identityEnvironment(config.identity, service, log);
  const environment = async (): Promise<Record<string, string>> => ({ ...(await identity()), ...config.environment });
  const { PATH: path } = process.env;
  const runtime = createLocalRuntime({
    instance: state.instance,
    directory,
    clock,
    log,
    hidden: [join(directory, ".state"), ...(config.objectsDir === undefined ? [] : [config.objectsDir])],
    ...(config.sandbox === undefined ? {} : { sandbox: config.sandbox }),
    ...(path === undefined ? {} : { path }),
  });
  const workspaces = opening.use(
    createWorkspaces({
      runtimes: [runtime],
      store,
      git,
      credentials: source,
      forges,
      setup: { environment, scripts: async () => [] },
      disk: diskOf(directory),
      clock,
      log,
      newId: () => `ws-${randomBytes(6).toString("hex")}`,
      openTerminals: (box) => createTerminals(box, { clock }),
    }),
  );
  const progress = new Map<string, NonNullable<Workspace["progress"]>>();
  const following = followProgress(workspaces, progress, closing.signal);
  opening.defer(async () => {
    closing.abort();
    await following;
  });
  await rights.restore();
  await workspaces.reconcile();
  const opened = opening.move();
  return {
    settings,
    state: { ...state, store },
    workspaces,
    git,
    forges,
    source,
    rights,
    emit,
    environment,
    progress,
    clock,
    fetch,
    log,
    closing: closing.signal,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** What was kept beside a workspace goes with it, and so do its worktrees. */
function forgetAll(workspace: WorkspaceId, { extras, worktrees }: State, emit: Emitter["emit"]): void {
  extras.delete(workspace);
  for (const { id, parent, branch, execution } of worktrees.values()) {
    if (parent !== workspace) continue;
    worktrees.delete(id);
    extras.delete(id);
    const about = execution === undefined ? {} : { executionId: execution.id };
    emit({ type: "worktree:removed", workspaceId: id, ...about, data: { parentWorkspaceId: parent, branch } });
  }
}

/** Throws where workspaces cannot be made there, saying why. */
function requireDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = codeOf(error) ?? "";
    const details = {
      message: `Workspaces cannot be made in ${directory} (${code}).`,
      next: "Give workspacesDir a directory that this user may write.",
      data: { path: directory },
      cause: error,
    };
    if (["ENOTDIR", "EEXIST"].includes(code)) throw new WsError("not_a_directory", details);
    if (["EACCES", "EPERM", "EROFS"].includes(code)) throw new WsError("permission_denied", details);
    throw asDiskFull(error, directory);
  }
}

function forgeOf({ config }: Settings, log: Log): Forge {
  const { github, ca = [], clock = SYSTEM_CLOCK } = config;
  return createGitHubForge({
    clock,
    log,
    ca,
    ...(github === undefined ? {} : { url: github.url }),
    ...(github?.apiUrl === undefined ? {} : { apiUrl: github.apiUrl }),
  });
}

function ownCredentials(
  { config }: Settings,
  { state, log }: { state: State; log: Log },
): CredentialService & Credentials {
  const { githubApp, github, ca = [], clock = SYSTEM_CLOCK } = config;
  const fetch =
    config.fetch ?? (ca.length === 0 ? globalThis.fetch : (createForgeFetch(ca) as typeof globalThis.fetch));
  const server =
    github === undefined
      ? {}
      : { host: new URL(github.url).host, ...(github.apiUrl === undefined ? {} : { apiUrl: github.apiUrl }) };
  return new CredentialService({
    grantStore: state.grants,
    logger: log,
    clock,
    fetch,
    ...(githubApp === undefined ? {} : { githubApp: { ...githubApp, ...server } }),
  });
}

async function followProgress(
  workspaces: Workspaces,
  progress: Map<string, NonNullable<Workspace["progress"]>>,
  signal: AbortSignal,
): Promise<void> {
  for await (const event of workspaces.events(signal)) {
    if (event.type === "progress") {
      const { id, step, message, percent } = event;
      progress.set(id, { phase: step, message, ...(percent === undefined ? {} : { percent }) });
    } else if (event.type === "changed") {
      const { id, operation } = event.record;
      const step = operation?.step ?? operation?.kind;
      if (step === undefined) progress.delete(id);
      else if (progress.get(id)?.phase !== step)
        progress.set(id, { phase: step, message: labelOf(event.record, step) });
    } else if (event.type === "removed") {
      progress.delete(event.id);
    }
  }
}

function labelOf({ startup }: { startup: readonly { id: string; label: string }[] }, step: string): string {
  return startup.find(({ id }) => id === step)?.label ?? step;
}
