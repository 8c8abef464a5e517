import type { TaskInfo } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { toSeedTask } from "./seed-task.ts";

const task = (status: TaskInfo["status"], more: Partial<TaskInfo> = {}): TaskInfo => ({
  id: "task-0123456789ab",
  workspaceId: "ws-1",
  workspace: "demo",
  title: "t",
  kind: "agent",
  prompt: "p",
  status,
  priority: 0,
  dependsOn: [],
  attempt: 1,
  retriesLeft: 0,
  restartable: false,
  createdAt: "2026-01-01T00:00:00.000Z",
  createdBy: "local",
  changedAt: "2026-11-01T10:00:00.000Z",
  ...more,
});

test("a state is told in four words, of which running is only what runs", () => {
  const states = [
    ["pending", "pending"],
    ["running", "running"],
    ["waiting_input", "pending"],
    ["limited", "pending"],
    ["auth_failed", "pending"],
    ["completed", "completed"],
    ["failed", "failed"],
    ["cancelled", "failed"],
  ] as const;
  for (const [state, status] of states) expect(toSeedTask(task(state), "")).toMatchObject({ state, status });
});

test("what it waits for is told with what can be done about it", () => {
  const error = { code: "login_needed", message: "There is no login.", next: "Give it a key." };
  expect(toSeedTask(task("auth_failed", { error }), "")).toMatchObject({ error: error.message, next: error.next });
  const question = { text: "Which one?", reason: "question" } as const;
  const asking = toSeedTask(task("waiting_input", { question }), "");
  expect(asking).toMatchObject({ question, error: null });
  expect(asking).not.toHaveProperty("next");
});
