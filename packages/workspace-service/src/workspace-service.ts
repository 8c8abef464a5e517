import { randomBytes } from "node:crypto";
import { toWsError, type Argv, type BoxProcess, type Log, type RunOptions, type WorkspaceId } from "@ws/workspace-core";
import {
  readArguments,
  type Credentials,
  type WorkspaceServiceConfig,
  type WorkspaceServiceOptions,
} from "./config.ts";
import { createRequest, requireHook } from "./create-request.ts";
import { toCaller } from "./to-caller.ts";
import { createEmitter, type Emitter, type EventHandler } from "./events.ts";
import { finalizeWorkspace, finalizeWorktree } from "./finalize.ts";
import type { CleanupResult, Finalization, PullRequestInfo, Workspace } from "./objects.ts";
import { openService, type Opened } from "./open.ts";
import type { FinalizeOptions, WorkspaceConfig, WorktreeConfig } from "./requests.ts";
import { ofWorktree, requireParent, unusable } from "./refusals.ts";
import { credentialsOf, requireForge } from "./rights.ts";
import { showCleanup, showPullRequest } from "./show.ts";
import { QUIET_LOG, SYSTEM_CLOCK } from "./system.ts";
import { notFound } from "./view.ts";

/**
 * Git workspaces for programs: provisioned, worked in, finalized to a pull request and cleaned up, all of it in this process and
 * its directory. Ids are those of `Workspace.id`; every method that takes one throws `workspace_not_found`.
 */
export class WorkspaceService implements AsyncDisposable {
  readonly #options: WorkspaceServiceOptions;
  readonly #emitter: Emitter;
  #opening: Promise<Opened> | undefined;
  #opened: Opened | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: WorkspaceServiceOptions);
  constructor(config: WorkspaceServiceConfig, credentialService?: Credentials, logger?: Log);
  constructor(first: WorkspaceServiceConfig | WorkspaceServiceOptions, credentialService?: Credentials, logger?: Log) {
    this.#options = readArguments(first, credentialService, logger);
    const { config, logger: log = QUIET_LOG } = this.#options;
    this.#emitter = createEmitter({ clock: config?.clock ?? SYSTEM_CLOCK, log });
  }

  /**
   * Opens the directory and takes over what an earlier process left there; safe to repeat. Throws `state_locked`, `state_corrupt`,
   * `permission_denied`, `not_a_directory`, `disk_full`, `config_invalid`.
   */
  async initialize(): Promise<void> {
    await this.#with(async () => undefined);
  }

  /** Tells of everything that happens from now on, until the returned function is called. */
  onEvent(handler: EventHandler): () => void {
    return this.#emitter.on(handler);
  }

  /**
   * Resolves when the workspace is ready; nothing of one that failed stays but its record. Throws `invalid_input`,
   * `invalid_clone_url`, `authentication_failed`, `repository_not_found`, `repository_unreachable`, `branch_not_found`,
   * `credential_invalid`, `credential_rejected`, `disk_full`.
   */
  async provision(config: WorkspaceConfig): Promise<Workspace> {
    return this.#with(async (parts) => {
      const { git, forges, settings, state, rights, workspaces } = parts;
      const { strategy = "clone", parentWorkspace, onComplete } = config;
      if (strategy === "worktree") return this.addWorktree(requireParent(parentWorkspace), config);
      const { url } = git.parseUrl(config.repo);
      if (config.provider !== undefined) requireForge(config.provider, url, forges, "provider");
      const given = credentialsOf(config, url, forges);
      const id: WorkspaceId = `ws-${randomBytes(6).toString("hex")}`;
      const request = createRequest(config, { id, given, settings });
      rights.keep(id, given);
      if (onComplete !== undefined) state.extras.set(id, { id, onComplete });
      try {
        return parts.view.workspace(await workspaces.create(request));
      } catch (error) {
        // Refused before there was anything to end.
        if (state.store.get(id) === undefined) {
          await parts.source.revoke(id);
          rights.forget(id);
          state.extras.delete(id);
        }
        throw error;
      }
    });
  }

  /** The pull request, where one was asked for. Throws as `finalizeWithDetails`. */
  async finalize(id: string, options: FinalizeOptions = {}): Promise<PullRequestInfo | undefined> {
    return (await this.finalizeWithDetails(id, options)).pullRequest;
  }

  /**
   * Commits, pushes, opens the pull request and cleans up, as far as is asked for. Safe to repeat: it goes on where it failed, and
   * there is never a second pull request. Throws `uncommitted_work`, `push_failed`, `push_refused`, `pull_request_refused`,
   * `forge_unknown`, `credential_missing` and what the forge meets; the workspace is then as ready as before.
   */
  async finalizeWithDetails(id: string, options: FinalizeOptions = {}): Promise<Finalization> {
    return this.#with(async (parts) => {
      const { view, worktrees } = parts;
      const { record, worktree } = view.live(id);
      const before = worktree === undefined ? view.workspace(record) : view.worktree(worktree, record);
      const { pushed, pullRequest, cleanup } =
        worktree === undefined
          ? await finalizeWorkspace(parts, record, options)
          : await finalizeWorktree(parts, worktrees, { id: worktree.id, record, options });
      return {
        workspace: view.get(id) ?? { ...before, status: "cleaned_up" },
        ...(pushed === undefined ? {} : { pushed }),
        ...(pullRequest === undefined ? {} : { pullRequest: showPullRequest(pullRequest, before.branch.executionId) }),
        ...(cleanup === undefined ? {} : { cleanup: showCleanup(cleanup) }),
      };
    });
  }

  /** Also one that was cleaned up in the last 30 days. */
  get(id: string): Workspace | undefined {
    return this.#require().view.get(id);
  }

  /** Those that are there, worktrees with them, oldest first. */
  getForExecution(executionId: string): Workspace[] {
    return this.list().filter(({ branch }) => branch.executionId === executionId);
  }

  /** All that are there, worktrees with them, oldest first; the cleaned-up ones only where asked for. */
  list({ cleanedUp = false }: { cleanedUp?: boolean } = {}): Workspace[] {
    return this.#require().view.list({ cleanedUp });
  }

  /**
   * Ends a workspace's rights and removes it. What holds work that lies nowhere else is kept, unless it is forced, and one that is
   * gone is success.
   */
  async cleanup(id: string, { force = false }: { force?: boolean } = {}): Promise<CleanupResult> {
    return this.#with(async (parts) => {
      const worktree = parts.worktrees.get(id);
      if (worktree !== undefined) return showCleanup(await parts.worktrees.cleanup(worktree.id, { force }));
      const record = parts.state.store.get(id as WorkspaceId);
      if (record === undefined) throw notFound(id);
      if (record.phase === "cleaned_up") return { kept: false };
      if (record.phase === "provisioning") {
        // Nobody has worked in it yet; what is under way is ended first.
        await parts.workspaces.delete(record.name, { force: true });
        return { kept: false };
      }
      return showCleanup(await parts.workspaces.cleanup(record.name, { force }));
    });
  }

  /** All of an execution's; none is success, and one that fails keeps no other. */
  async cleanupForExecution(
    executionId: string,
    options: { force?: boolean } = {},
  ): Promise<(CleanupResult & { id: string })[]> {
    return this.#with(async (parts) => {
      const results: (CleanupResult & { id: string })[] = [];
      // Worktrees first: what has to stay of them keeps their workspace, too.
      const all = this.getForExecution(executionId).sort(
        (a, b) => Number(a.strategy === "clone") - Number(b.strategy === "clone"),
      );
      for (const { id } of all) {
        const failed = (error: unknown): CleanupResult => {
          parts.closing.throwIfAborted();
          return { kept: true, reason: "failed", holder: toWsError(error).message };
        };
        results.push({ id, ...(await this.cleanup(id, options).catch(failed)) });
      }
      return results;
    });
  }

  /** Deletes an execution's branches at the remote, but for those with an open pull request; resolves to their names. */
  async deleteBranchesForExecution(executionId: string): Promise<string[]> {
    return this.#with(async (parts) => {
      const records = parts.state.store.list().filter(({ execution }) => execution?.id === executionId);
      if (records.length === 0) return [];
      for (const record of records) await parts.rights.ensure(record);
      return parts.workspaces.deleteBranches(executionId, parts.closing);
    });
  }

  /** Brings the branch to the remote, which it follows from then on. Throws `push_failed`, `push_refused`. */
  async push(
    id: string,
    { force = false }: { force?: boolean; /** Always so. */ setUpstream?: true } = {},
  ): Promise<{ branch: string; commit: string }> {
    const { pushed } = await this.finalizeWithDetails(id, { push: true, uncommitted: "leave", force });
    if (pushed === undefined) throw new Error("a push that succeeded tells what it pushed");
    return pushed;
  }

  /** Brings what is known of the remote up to date: all of it, or these branches. */
  async fetch(id: string, branches?: readonly string[]): Promise<void> {
    return this.#with(async (parts) => {
      const { record } = parts.view.live(id);
      await parts.rights.ensure(record, { reading: true });
      await parts.workspaces.fetch(record.name, {
        signal: parts.closing,
        ...(branches === undefined ? {} : { branches }),
      });
    });
  }

  /** The branch's pull request as its forge has it now. */
  async getPullRequest(id: string): Promise<PullRequestInfo | undefined> {
    return this.#with(async (parts) => {
      const { record, worktree } = parts.view.live(id);
      const known = (worktree ?? record).pullRequest;
      if (known === undefined) return undefined;
      await parts.rights.ensure(record);
      const found = await parts.workspaces.forge(record.name).pullRequest(known.number, parts.closing);
      if (worktree === undefined) {
        const current = parts.state.store.get(record.id);
        if (current !== undefined && current.phase !== "cleaned_up") {
          parts.state.store.update({ ...current, pullRequest: { ...known, ...found } });
        }
      }
      return showPullRequest({ ...known, ...found }, record.execution?.id ?? record.id);
    });
  }

  /** A process in the workspace, with its git credentials, home and variables; in its repository where no cwd is given. */
  async run(id: string, argv: Argv, options: RunOptions = {}): Promise<BoxProcess> {
    return this.#with(async (parts) => {
      const { record, worktree } = parts.view.live(id);
      return parts.workspaces.run(record.name, argv, {
        ...(worktree === undefined ? {} : { cwd: worktree.path }),
        ...options,
      });
    });
  }

  /** A worktree of a workspace's repository as a workspace of its own, on a branch of its own, in the same place. */
  async addWorktree(parentId: string, config: WorktreeConfig = {}): Promise<Workspace> {
    return this.#with(async (parts) => {
      const { record, worktree } = parts.view.live(parentId);
      if (worktree !== undefined) throw ofWorktree(parentId);
      const { onComplete } = config;
      if (onComplete !== undefined) requireHook(onComplete);
      const added = await parts.worktrees.add(record, config);
      if (onComplete !== undefined) parts.state.extras.set(added.id, { id: added.id, onComplete });
      return parts.view.worktree(added, record);
    });
  }

  listWorktrees(parentId: string): Workspace[] {
    const { view } = this.#require();
    return view.worktreesOf(view.live(parentId).record);
  }

  /** Throws `unpushed_work` where something in it lies nowhere else, unless it is forced; one that is gone is success. */
  async removeWorktree(id: string, options: { force?: boolean } = {}): Promise<void> {
    return this.#with(async (parts) => {
      const worktree = parts.worktrees.get(id);
      if (worktree !== undefined) await parts.worktrees.remove(worktree.id, options);
    });
  }

  /** Lets go of the directory; workspaces stay as they are, and what is under way is gone on with by the next service. */
  async close(): Promise<void> {
    this.#closed ??= (async () => {
      const opened = await this.#opening?.catch(() => undefined);
      this.#opened = undefined;
      await opened?.[Symbol.asyncDispose]();
    })();
    await this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** What fails is told in the words of who calls. */
  async #with<T>(work: (parts: Opened) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#open());
    } catch (error) {
      throw toCaller(error);
    }
  }

  #open(): Promise<Opened> {
    if (this.#closed !== undefined) return Promise.reject(unusable("closed", "Make another one."));
    const opening = (this.#opening ??= openService(this.#options, this.#emitter.emit));
    opening.then(
      (opened) => (this.#opened = opened),
      // Whoever puts right what it says may try again.
      () => (this.#opening = undefined),
    );
    return opening;
  }

  #require(): Opened {
    if (this.#opened !== undefined && this.#closed === undefined) return this.#opened;
    if (this.#closed !== undefined) throw unusable("closed", "Make another one.");
    throw unusable("not initialized", "Await initialize() first.");
  }
}
