import { expect, test } from "vitest";
import type { Box } from "./box.ts";
import type { Engine } from "./engine.ts";
import { environmentOf } from "./process-environment.ts";
import { createManualClock } from "./testing/manual-clock.ts";
import type { WorkspaceRecord } from "./workspace.ts";

const record = { id: "ws-1", name: "demo", env: { MINE: "1" } } as unknown as WorkspaceRecord;
const own = { MINE: "1", OURS: "1", WS_ID: "ws-1", WS_NAME: "demo" };
const ADA = {
  GIT_AUTHOR_NAME: "Ada",
  GIT_COMMITTER_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.test",
  GIT_COMMITTER_EMAIL: "ada@example.test",
};

/** With git that answers so when it is told in whose name to commit. */
async function environment(identify: (clock: ReturnType<typeof createManualClock>) => Promise<boolean>) {
  const clock = createManualClock();
  const warned: string[] = [];
  const engine = {
    clock,
    log: { debug() {}, info() {}, error() {}, warn: (line: string) => void warned.push(line) },
    setup: {
      environment: async () => ({ OURS: "1" }),
      identity: async () => ({ name: "Ada", email: "ada@example.test" }),
    },
    git: { identify: () => identify(clock) },
    egress: { environment: () => ({}) },
  } as unknown as Engine;
  return { env: await environmentOf(engine, record, {} as Box), warned };
}

test("what git's configuration says of who commits is in no variable, which would be stronger than the user's own word", async () => {
  expect(await environment(async () => true)).toEqual({ env: own, warned: [] });
});

test("where git's configuration cannot say it, variables do", async () => {
  expect(await environment(async () => false)).toEqual({ env: { ...ADA, ...own }, warned: [] });
});

test.each([
  ["fails", () => Promise.reject(new Error("no space"))],
  [
    "holds up whoever says it",
    (clock: ReturnType<typeof createManualClock>) => {
      clock.advance(60_000);
      return new Promise<boolean>(() => undefined);
    },
  ],
])("nor does a process wait for a workspace that %s", async (_, identify) => {
  const { env, warned } = await environment(identify);
  expect(env).toEqual({ ...ADA, ...own });
  expect(warned).toHaveLength(1);
});
