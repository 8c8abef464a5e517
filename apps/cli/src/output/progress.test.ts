import type { WorkspaceEvent } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import type { Context } from "../context.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import type { Step } from "./painter.ts";
import { showProgress } from "./progress.ts";

const MINUTE = "2026-01-01T00:0";
const step = (id: string, status: string, minute = 1): Step =>
  ({
    id,
    label: `Do ${id}`,
    status,
    startedAt: `${MINUTE}${minute}:00.000Z`,
    endedAt: `${MINUTE}${minute}:02.000Z`,
  }) as Step;
const info = (steps: Step[]) => ({ startup: { steps } }) as never;

/** What is told of a workspace whose steps were so before, are so in the events, and at the end. */
async function told(before: Step[], events: Step[][], end: Step[], failure?: Error): Promise<string[]> {
  const lines: string[] = [];
  const context = {
    io: createFakeIo(),
    hint: (line: string) => void lines.push(line),
    isLive: () => false,
  } as Partial<Context>;
  const seen = Promise.withResolvers<void>();
  async function* follow(): AsyncGenerator<WorkspaceEvent> {
    for (const steps of events) yield { type: "changed", workspace: info(steps) };
    seen.resolve();
  }
  const answers = [info(before), info(end)];
  const client = { workspaces: { events: async () => follow(), get: async () => answers.shift() } } as never;
  await showProgress(context as Context, client, "demo", async () => {
    await seen.promise;
    if (failure !== undefined) throw failure;
    return info(end);
  }).catch((error: unknown) => lines.push(String(error)));
  return lines;
}

test("each step is told once, also one that nobody heard of while it went on, and none of an earlier start", async () => {
  const before = [step("prepare", "done", 0), step("clone", "error", 0)];
  const events = [before, [step("prepare", "done"), step("clone", "running")]];
  const end = [step("prepare", "done"), step("clone", "done"), step("scripts", "skipped")];
  expect(await told(before, events, end)).toEqual(["✓ Do prepare (2.0 s)", "✓ Do clone (2.0 s)"]);
});

test("the step that failed is told, though the failure came before any event of it", async () => {
  const end = [step("prepare", "done"), step("clone", "error"), step("scripts", "pending")];
  const lines = await told([], [[step("prepare", "running")]], end, new Error("refused"));
  expect(lines).toEqual(["✓ Do prepare (2.0 s)", "✗ Do clone (2.0 s)", "Error: refused"]);
});

test("a workspace that runs already has nothing to tell", async () => {
  const steps = [step("prepare", "done", 0), step("clone", "done", 0)];
  expect(await told(steps, [steps], steps)).toEqual([]);
});
