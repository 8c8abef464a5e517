import { excerpt, WsError } from "@ws/workspace-core";

/**
 * Throws `invalid_input` with this field where git does not take this as a branch's name (the rules of
 * `git check-ref-format --branch`, without its shorthands); what passes never begins with '-'.
 */
export function checkBranch(name: string, field: "branch" | "base"): void {
  if (isBranchName(name)) return;
  throw new WsError("invalid_input", {
    message: `'${excerpt(name)}' is not a branch name that git accepts.`,
    next: "Use letters, digits, '-', '_', '.' and single '/', as in 'feature/login'.",
    data: { field },
  });
}

export function isBranchName(name: string): boolean {
  if (name === "" || name.length > 240 || name === "@" || name === "HEAD" || name.startsWith("-")) return false;
  if (/[\p{C}\s~^:?*[\\]|\.\.|@\{|\.$/u.test(name)) return false;
  return name.split("/").every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"));
}
