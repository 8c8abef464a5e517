import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { addWorktree, removeWorktree, worktreeState } from "@ws/git-provider";
import {
  isWsError,
  statusOf,
  toWsError,
  WsError,
  type Box,
  type Cleanup,
  type Repository,
  type WorkspaceId,
  type WorkspaceRecord,
} from "@ws/workspace-core";
import type { Parts } from "./parts.ts";
import type { FinalizeOptions, WorktreeConfig } from "./requests.ts";
import type { WorktreeRecord } from "./state/worktree-record.ts";
import { createTurns } from "./turns.ts";
import { namedAs, worktreeExecution } from "./worktree-branch.ts";
import { finalizeWork, type WorktreeFinalized } from "./worktree-finalize.ts";

export type WorktreeId = WorktreeRecord["id"];

export interface Worktrees {
  add(parent: WorkspaceRecord, config: WorktreeConfig): Promise<WorktreeRecord>;
  /** Oldest first. */
  list(parent: WorkspaceId): WorktreeRecord[];
  get(id: string): WorktreeRecord | undefined;
  /** Throws `unpushed_work` where something in it lies nowhere else, unless it is forced. */
  remove(id: WorktreeId, options?: { force?: boolean }): Promise<void>;
  /** As `remove`, told and not thrown. */
  cleanup(id: WorktreeId, options: { force: boolean }): Promise<Cleanup>;
  /** As a workspace's, but for the cleanup. */
  finalize(id: WorktreeId, options: FinalizeOptions): Promise<WorktreeFinalized>;
  /** Takes away what an earlier process began and did not end, and what went with its workspace. */
  restore(): Promise<void>;
}

export function createWorktrees(parts: Parts): Worktrees {
  const { state, workspaces, git, rights, emit, clock, log, closing } = parts;
  const { worktrees } = state;
  const turns = createTurns<WorkspaceId>();

  function require(id: WorktreeId): WorktreeRecord {
    const found = worktrees.get(id);
    if (found !== undefined) return found;
    throw new WsError("workspace_not_found", {
      message: `There is no worktree '${id}'.`,
      next: "listWorktrees tells which there are.",
      data: { name: id },
    });
  }

  function change(id: WorktreeId, patch: Partial<WorktreeRecord>): void {
    const worktree = worktrees.get(id);
    if (worktree !== undefined) worktrees.set(id, { ...worktree, ...patch });
  }

  /** Starts what is stopped: at the end of its time, for one. */
  async function open(parent: WorkspaceId): Promise<{ box: Box; record: WorkspaceRecord; repository: Repository }> {
    const record = state.store.get(parent);
    const repository = record?.repository;
    if (record === undefined || repository === undefined) throw new Error(`${parent} has no repository`);
    if (statusOf(record) === "stopped") await workspaces.start(record.name);
    return { box: await workspaces.box(record.name), record, repository };
  }

  async function drop(worktree: WorktreeRecord): Promise<void> {
    const { id, parent, path, branch, execution } = worktree;
    const { box, record, repository } = await open(parent);
    await removeWorktree(box, repository, { path, branch, signal: closing });
    worktrees.delete(id);
    rights.withdraw(record, [branch]);
    state.extras.delete(id);
    emit({
      type: "worktree:removed",
      workspaceId: id,
      ...(execution === undefined ? {} : { executionId: execution.id }),
      data: { parentWorkspaceId: parent, branch },
    });
  }

  /** What would be lost with it, in words. */
  async function holderOf({ parent, path, branch }: WorktreeRecord): Promise<string | undefined> {
    const { box, repository } = await open(parent);
    const { uncommitted, unpushed } = await worktreeState(box, repository, { path, branch, signal: closing });
    const words = [
      ...(uncommitted.count === 0 ? [] : [`${uncommitted.count} files that are not committed`]),
      ...(unpushed === 0 ? [] : [`${unpushed} commits that are not pushed`]),
    ];
    return words.length === 0 ? undefined : words.join(" and ");
  }

  async function cleanUp(worktree: WorktreeRecord, force: boolean): Promise<Cleanup> {
    // The core names a workspace; this is one only to whoever asks.
    const about = { id: worktree.parent, name: worktree.id };
    const holder = force ? undefined : await holderOf(worktree);
    if (holder !== undefined) return { ...about, kept: true, reason: "unpushed_work", holder };
    await drop(worktree);
    return { ...about, kept: false };
  }

  /** What was being made when a process ended; its branch may have been there before, with work on it. */
  async function takeBack(worktree: WorktreeRecord): Promise<void> {
    try {
      const { kept } = await cleanUp(worktree, false);
      if (kept) change(worktree.id, { phase: "ready" });
    } catch (error) {
      if (!isWsError(error, "repository_not_found")) throw error;
      worktrees.delete(worktree.id);
      state.extras.delete(worktree.id);
    }
  }

  async function remove(worktree: WorktreeRecord, force: boolean): Promise<void> {
    const cleanup = await cleanUp(worktree, force);
    if (!cleanup.kept) return;
    throw new WsError("unpushed_work", {
      message: `The worktree '${worktree.id}' is kept: it holds ${cleanup.holder}.`,
      next: "Push it with finalize, or remove it with `force`.",
      data: { name: worktree.id, reason: "unpushed_work" },
    });
  }

  return {
    list: (parent) =>
      worktrees
        .values()
        .filter((each) => each.parent === parent)
        .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)),
    get: (id) => worktrees.get(id),
    add: (parent, config) =>
      turns.take(parent.id, async () => {
        const id: WorktreeId = `wt-${randomBytes(6).toString("hex")}`;
        const { box, repository } = await open(parent.id);
        const execution = worktreeExecution(parent, config);
        const branch = config.branchName ?? git.ownBranch(namedAs(parent, id, execution, config));
        git.checkBranch(branch, "branch");
        const policy = workspaces.policies.of(parent.name);
        policy.demand({ act: "change" });
        policy.demand({ act: "branch", branch });
        const { baseBranch = repository.baseBranch } = config;
        if (config.baseBranch !== undefined) {
          git.checkBranch(config.baseBranch, "base");
          await rights.ensure(parent, { reading: true });
          await workspaces.fetch(parent.name, { signal: closing });
        }
        const worktree: WorktreeRecord = {
          id,
          parent: parent.id,
          path: join(box.home, "worktrees", id),
          branch,
          baseBranch: baseBranch ?? "",
          createdAt: clock.now(),
          phase: "provisioning",
          ...(execution === undefined ? {} : { execution }),
        };
        worktrees.set(id, worktree);
        try {
          await rights.ensure(parent, { branches: [branch], reading: true });
          const base = baseBranch === undefined ? {} : { base: baseBranch };
          await addWorktree(box, repository, { path: worktree.path, branch, ...base, signal: closing });
        } catch (error) {
          // Git makes nothing of a worktree that it refuses.
          if (!closing.aborted) {
            worktrees.delete(id);
            const isAnothers = worktrees.values().some((each) => each.parent === parent.id && each.branch === branch);
            if (!isAnothers) rights.withdraw(parent, [branch]);
          }
          throw error;
        }
        const ready: WorktreeRecord = { ...worktree, phase: "ready" };
        worktrees.set(id, ready);
        emit({
          type: "worktree:added",
          workspaceId: id,
          ...(execution === undefined ? {} : { executionId: execution.id }),
          data: { parentWorkspaceId: parent.id, branch },
        });
        return ready;
      }),
    cleanup: (id, { force }) =>
      turns.take(require(id).parent, async () => {
        const worktree = require(id);
        try {
          return await cleanUp(worktree, force);
        } catch (error) {
          closing.throwIfAborted();
          log.warn("a worktree could not be cleaned up", { worktree: id, error });
          return { id: worktree.parent, name: id, kept: true, reason: "failed", holder: toWsError(error).message };
        }
      }),
    remove: (id, { force = false } = {}) => turns.take(require(id).parent, () => remove(require(id), force)),
    finalize: (id, options) =>
      turns.take(require(id).parent, async () => {
        const worktree = require(id);
        change(id, { phase: "finalizing" });
        try {
          return await finalizeWork(parts, { worktree, ...(await open(worktree.parent)) }, options);
        } finally {
          change(id, { phase: "ready" });
        }
      }),
    async restore() {
      for (const worktree of worktrees.values()) {
        const { phase = "cleaned_up" } = state.store.get(worktree.parent) ?? {};
        if (phase === "cleaned_up" || phase === "error") {
          worktrees.delete(worktree.id);
          state.extras.delete(worktree.id);
        } else if (worktree.phase === "provisioning") {
          await takeBack(worktree).catch((error: unknown) => {
            const { message } = toWsError(error);
            log.warn("a worktree that was cut off is still there", { worktree: worktree.id, error: message });
          });
        } else if (worktree.phase === "finalizing") change(worktree.id, { phase: "ready" });
      }
    },
  };
}
