import { excerpt, WsError, type WorkspaceId, type WorkspaceRecord } from "@ws/workspace-core";
import type { Workspace } from "./objects.ts";
import type { Parts } from "./parts.ts";
import { showWorkspace, showWorktree } from "./show.ts";
import type { WorktreeRecord } from "./state/worktree-record.ts";
import type { Worktrees } from "./worktrees.ts";

/** Workspaces as the library's users see them. */
export interface View {
  workspace(record: WorkspaceRecord): Workspace;
  worktree(worktree: WorktreeRecord, parent: WorkspaceRecord): Workspace;
  get(id: string): Workspace | undefined;
  /** Oldest first, worktrees behind their workspace. */
  list(options: { cleanedUp: boolean }): Workspace[];
  worktreesOf(parent: WorkspaceRecord): Workspace[];
  /** What somebody wants to do something with, and its workspace. Throws `workspace_not_found`. */
  live(id: string): { record: WorkspaceRecord; worktree: WorktreeRecord | undefined };
}

export function createView(parts: Parts, worktrees: Worktrees): View {
  const { state, source, progress, settings } = parts;
  const { store, extras } = state;
  const grantOf = ({ id, repository }: WorkspaceRecord) =>
    repository === undefined ? undefined : source.list({ workspace: id }).find(({ url }) => url === repository.url);

  function workspace(record: WorkspaceRecord): Workspace {
    return showWorkspace(record, {
      directory: settings.directory,
      grant: grantOf(record),
      extra: extras.get(record.id),
      worktrees: worktrees.list(record.id),
      progress: progress.get(record.id),
    });
  }

  function worktree(of: WorktreeRecord, parent: WorkspaceRecord): Workspace {
    return showWorktree(of, parent, { grant: grantOf(parent), extra: extras.get(of.id) });
  }

  function worktreesOf(parent: WorkspaceRecord): Workspace[] {
    return worktrees.list(parent.id).map((each) => worktree(each, parent));
  }

  return {
    workspace,
    worktree,
    worktreesOf,
    get(id) {
      const found = worktrees.get(id);
      const record = store.get(found?.parent ?? (id as WorkspaceId));
      if (record === undefined) return undefined;
      return found === undefined ? workspace(record) : worktree(found, record);
    },
    list: (options) => store.list(options).flatMap((record) => [workspace(record), ...worktreesOf(record)]),
    live(id) {
      const found = worktrees.get(id);
      const record = store.get(found?.parent ?? (id as WorkspaceId));
      if (record !== undefined && record.phase !== "cleaned_up") return { record, worktree: found };
      throw notFound(id, record !== undefined);
    },
  };
}

export function notFound(id: string, isGone = false): WsError<"workspace_not_found"> {
  return new WsError("workspace_not_found", {
    message: isGone ? `The workspace '${excerpt(id)}' was cleaned up.` : `There is no workspace '${excerpt(id)}'.`,
    next: "list tells which there are.",
    data: { name: excerpt(id) },
  });
}
