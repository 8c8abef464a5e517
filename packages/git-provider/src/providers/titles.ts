import type { Change } from "@ws/workspace-core";

/** The first line of a change's description; its name where it has none. */
export function titleOf({ name, description }: Change): string {
  return description.trim().split("\n")[0]?.trim() || name;
}

/** What follows the first line. */
export function bodyOf({ description }: Change): string {
  return description.trim().split("\n").slice(1).join("\n").trim();
}
