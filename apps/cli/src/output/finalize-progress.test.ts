import type { WorkspaceEvent } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import type { Context } from "../context.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { showFinalizing } from "./finalize-progress.ts";

const at = (operationStep: string | undefined, steps: object[] = []): WorkspaceEvent =>
  ({ type: "changed", workspace: { operation: "finalize", operationStep, startup: { steps } } }) as never;

/** What is told while these events come and the work then ends so. */
async function told(
  events: readonly WorkspaceEvent[],
  outcome: () => unknown,
  failure?: { step: string; message: string },
): Promise<string[]> {
  const lines: string[] = [];
  const context = {
    io: createFakeIo(),
    hint: (line: string) => void lines.push(line),
    isLive: () => false,
  } as Partial<Context>;
  const seen = Promise.withResolvers<void>();
  async function* follow(): AsyncGenerator<WorkspaceEvent> {
    yield* events;
    seen.resolve();
  }
  const client = { workspaces: { events: async () => follow(), get: async () => ({ failure }) } } as never;
  await showFinalizing(context as Context, client, "demo", async () => {
    await seen.promise;
    return outcome();
  }).catch((error: unknown) => lines.push(String(error)));
  return lines;
}

test("a finalize tells each of its steps when it is over, also those of the start before it", async () => {
  const [startedAt, endedAt] = ["2026-01-01T00:00:00.000Z", "2026-01-01T00:00:02.000Z"];
  const start = { id: "start", label: "Start", startedAt };
  const events = [
    at(undefined, [{ ...start, status: "running" }]),
    at(undefined, [{ ...start, status: "done", endedAt }]),
    at("commit"),
    at("push"),
    at("push"),
    at("pull_request"),
  ];
  expect(await told(events, () => "done")).toEqual([
    "✓ Start (2.0 s)",
    "✓ Look for uncommitted work",
    "✓ Push",
    "✓ Bring the pull request",
  ]);
});

test("a finalize that fails tells in which step", async () => {
  const lines = await told([at("commit"), at("push")], () => {
    throw new Error("refused");
  });
  expect(lines).toEqual(["✓ Look for uncommitted work", "✗ Push", "Error: refused"]);
});

test("a push that succeeded is told as done where what came after it failed before any event told of it", async () => {
  const refused = () => {
    throw new Error("refused");
  };
  const failure = { step: "pull_request", message: "refused" };
  expect(await told([at("commit"), at("push")], refused, failure)).toEqual([
    "✓ Look for uncommitted work",
    "✓ Push",
    "✗ Bring the pull request",
    "Error: refused",
  ]);
  // The failure of an earlier attempt says nothing of this one.
  expect(await told([at("push")], refused, { ...failure, message: "another" })).toEqual(["✗ Push", "Error: refused"]);
});
