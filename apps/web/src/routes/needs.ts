import type { InboxItem } from "../features/inbox/items.ts";
import type { Need } from "../features/workspaces/list/arrange.ts";

/** Which workspaces the inbox is about, by their ids, with what it says of each first. */
export function needsOf(items: readonly InboxItem[]): Map<string, Need> {
  const needs = new Map<string, Need>();
  const add = (id: string, need: Need) => {
    if (id !== "" && !needs.has(id)) needs.set(id, need);
  };
  for (const item of items) {
    switch (item.kind) {
      case "task": {
        const { id, workspace, workspaceId, status } = item.task;
        const label = status === "auth_failed" ? "Needs a sign-in" : "Asks you";
        add(workspaceId, { label, to: `/w/${workspace}/tasks?task=${id}` });
        break;
      }
      case "limit":
        for (const { workspaceId } of item.held) add(workspaceId, { label: "At its limit", to: "/inbox" });
        break;
      case "egress":
        add(item.id, { label: "Was not let out", to: "/inbox" });
        break;
      case "failed": {
        const { id, workspace, workspaceId } = item.task;
        add(workspaceId, { label: "Failed", to: `/w/${workspace}/tasks?task=${id}` });
        break;
      }
    }
  }
  return needs;
}
