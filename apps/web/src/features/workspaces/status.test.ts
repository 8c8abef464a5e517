import { expect, test } from "vitest";
import { workspaceFixture } from "../../testing/workspace-fixture.ts";
import { failureTitle, stepLine } from "./status.ts";

test("The line of a creating workspace is its running step with the newest progress of that step", () => {
  const creating = workspaceFixture({
    status: "creating",
    startup: { steps: [{ id: "clone", label: "Clone", status: "running" }], updatedAt: "2026-11-01T10:00:00Z" },
  });
  expect(stepLine(creating, undefined)).toBe("Clone");
  expect(stepLine(creating, { step: "clone", message: "receiving 42 %" })).toBe("Clone: receiving 42 %");
  expect(stepLine(creating, { step: "prepare", message: "late news" })).toBe("Clone");
});

test("A failed workspace says what failed, and a stopped one why", () => {
  const failure = { step: "clone", code: "repository_not_found", message: "Repository not found.", at: "2026-11-01" };
  expect(stepLine(workspaceFixture({ status: "error", failure }), undefined)).toBe("Repository not found.");
  expect(stepLine(workspaceFixture({ status: "stopped", stopReason: "ttl" }), undefined)).toBe("ttl");
  expect(stepLine(workspaceFixture(), undefined)).toBeUndefined();
});

test("A finalize that failed is no start that failed, and each names its step", () => {
  const failed = (step: string) => failureTitle(workspaceFixture(), step);
  expect(failed("pull_request")).toBe("Last finalize failed at: pull request");
  expect(failed("commit")).toBe("Last finalize failed at: commit");
  expect(failed("finalize")).toBe("Last finalize failed");
  const startup = {
    steps: [{ id: "clone", label: "Clone the repository", status: "error" as const }],
    updatedAt: "2026-11-01T10:00:00Z",
  };
  expect(failureTitle(workspaceFixture({ startup }), "clone")).toBe("Failed: Clone the repository");
});
