import type { Grant } from "@ws/workspace-core";
import type { PushCommand } from "./commands.ts";

export type PushRules = Pick<Grant, "access" | "branches" | "force" | "tags" | "workflows">;

/** Why a change is refused that its command alone shows; undefined where it is not. */
export function refusalOf({ ref, from, to }: PushCommand, rules: PushRules): string | undefined {
  if (rules.access !== "write") return "this workspace may only read the repository";
  if (to === undefined) return "this workspace may not delete";
  if (ref.startsWith("refs/tags/")) {
    if (!rules.tags) return `this workspace may not push tags${only(rules)}`;
    return from !== undefined && !rules.force ? "this workspace may not move a tag" : undefined;
  }
  const isOwn = ref.startsWith("refs/heads/") && rules.branches.includes(ref.slice("refs/heads/".length));
  return isOwn ? undefined : `this workspace may only push to ${names(rules)}`;
}

/** Whether the objects themselves must be looked at, because the commands do not show what they do. */
export function looksInside(commands: readonly PushCommand[], rules: PushRules): boolean {
  return !rules.workflows || (!rules.force && commands.some(({ from }) => from !== undefined));
}

function only(rules: PushRules): string {
  return `, only to ${names(rules)}`;
}

function names({ branches }: PushRules): string {
  if (branches.length === 0) return "no branch";
  return branches.length > 3
    ? `${branches.slice(0, 3).join(", ")} and ${branches.length - 3} more`
    : branches.join(", ");
}
