import type { Tool } from "./tool.ts";
import { workspaceClone } from "./tools/clone.ts";
import { workspaceFinalize } from "./tools/finalize.ts";
import { workspaceList, workspacePath, workspaceRemove, workspaceShow } from "./tools/workspaces.ts";

/** Every tool, in the order in which clients list them. */
export const TOOLS: readonly Tool[] = [
  workspacePath,
  workspaceList,
  workspaceShow,
  workspaceClone,
  workspaceFinalize,
  workspaceRemove,
];
