import type { Tool } from "./tool.ts";
import { workspaceApplyPatch, workspaceDelete, workspaceEdit, workspaceWrite } from "./tools/change-files.ts";
import { workspaceClone } from "./tools/clone.ts";
import { workspaceFinalize } from "./tools/finalize.ts";
import { workspaceGitDiff, workspaceGitLog, workspaceGitStatus } from "./tools/look-at-git.ts";
import { PIPELINE_TOOLS } from "./tools/pipelines.ts";
import { workspaceGrep, workspaceLs, workspaceRead } from "./tools/read-files.ts";
import { workspaceGitAdd, workspaceGitCommit, workspaceGitPull, workspaceGitPush } from "./tools/work-on-git.ts";
import { workspaceList, workspacePath, workspaceRemove, workspaceShow } from "./tools/workspaces.ts";

/** Every tool, in the order in which clients list them. */
export const TOOLS: readonly Tool[] = [
  workspacePath,
  workspaceList,
  workspaceShow,
  workspaceRead,
  workspaceLs,
  workspaceGrep,
  workspaceGitStatus,
  workspaceGitLog,
  workspaceGitDiff,
  workspaceClone,
  workspaceWrite,
  workspaceEdit,
  workspaceApplyPatch,
  workspaceDelete,
  workspaceGitPull,
  workspaceGitAdd,
  workspaceGitCommit,
  workspaceGitPush,
  workspaceFinalize,
  workspaceRemove,
  ...PIPELINE_TOOLS,
];
