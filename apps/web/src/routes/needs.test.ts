import { expect, test } from "vitest";
import type { InboxItem } from "../features/inbox/items.ts";
import { taskFixture } from "../testing/task-fixture.ts";
import { needsOf } from "./needs.ts";

test("what waits in the inbox is said of its workspace, the first of it, with where it is answered", () => {
  const asks = taskFixture({ id: "t1", workspaceId: "w1", workspace: "one", status: "waiting_input" });
  const held = [taskFixture({ id: "t2", workspaceId: "w2" }), taskFixture({ id: "t3", workspaceId: "" })];
  const locked = taskFixture({ id: "t4", workspaceId: "w4", workspace: "four", status: "auth_failed" });
  const failed = taskFixture({ id: "t5", workspaceId: "w1", workspace: "one", status: "failed" });
  const items: InboxItem[] = [
    { kind: "task", key: "1", since: 0, task: asks },
    { kind: "limit", key: "2", since: 0, account: "a", task: asks, held },
    { kind: "egress", key: "3", since: 0, id: "w3", workspace: "three", refusals: [] },
    { kind: "task", key: "4", since: 0, task: locked },
    { kind: "failed", key: "5", since: 0, task: failed },
  ];
  expect([...needsOf(items)]).toEqual([
    ["w1", { label: "Asks you", to: "/w/one/tasks?task=t1" }],
    ["w2", { label: "At its limit", to: "/inbox" }],
    ["w3", { label: "Was not let out", to: "/inbox" }],
    ["w4", { label: "Needs a sign-in", to: "/w/four/tasks?task=t4" }],
  ]);
});
