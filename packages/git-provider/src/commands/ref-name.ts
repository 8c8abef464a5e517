import { excerpt, WsError } from "@ws/workspace-core";
import { isBranchName } from "./branch-name.ts";

/**
 * Throws `invalid_ref` for whatever is no branch, tag, commit or stash, with steps back from it at most (`HEAD~2`, `v1^2`): no option, no range, no file
 * of a commit, no search.
 */
export function checkRef(text: string): void {
  if (isRef(text)) return;
  throw new WsError("invalid_ref", {
    message: `'${excerpt(text)}' is not the name of a branch, tag or commit.`,
    next: "Use one such as main, origin/main, v1.2, HEAD~1 or a commit's hash.",
    data: { ref: excerpt(text) },
  });
}

export function isRef(text: string): boolean {
  const [, name = "", steps = ""] = /^([^~^]*)((?:[~^]\d{0,9}){0,20})$/su.exec(text) ?? [];
  if (text !== name + steps) return false;
  return name === "HEAD" || /^stash@\{\d{1,6}\}$/.test(name) || isBranchName(name);
}
