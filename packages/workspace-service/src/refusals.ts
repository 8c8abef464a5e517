import { WsError } from "@ws/workspace-core";

/** Of a service that is not open. */
export function unusable(state: string, next: string): WsError<"illegal_transition"> {
  return new WsError("illegal_transition", {
    message: `The workspace service is ${state}.`,
    next,
    data: { from: state, to: "in use" },
  });
}

/** Throws `invalid_input` where a worktree is asked for of nothing. */
export function requireParent(parent: string | undefined): string {
  if (parent !== undefined) return parent;
  throw new WsError("invalid_input", {
    message: "A worktree needs a workspace whose repository it is of.",
    next: "Give its id as parentWorkspace, or leave the strategy out.",
    data: { field: "parentWorkspace" },
  });
}

/** Of a worktree's worktree. */
export function ofWorktree(id: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `'${id}' is a worktree itself.`,
    next: "Make the worktree of its parent workspace.",
    data: { field: "parentWorkspace" },
  });
}
