import { expect, test } from "vitest";
import { workspaceFixture } from "../../testing/workspace-fixture.ts";
import { statusOf } from "./status-of.ts";

test("An operation under way is shown before the state it leaves", () => {
  expect(statusOf(workspaceFixture({ operation: "stop" }))).toEqual({ tone: "busy", label: "Stopping" });
  expect(statusOf(workspaceFixture())).toEqual({ tone: "good", label: "Running" });
  expect(statusOf(workspaceFixture({ status: "error" }))).toEqual({ tone: "bad", label: "Failed" });
});
