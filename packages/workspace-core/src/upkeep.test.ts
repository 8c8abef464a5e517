import { expect, test } from "vitest";
import { createHarness, type Harness } from "./testing/harness.ts";

const MINUTE = 60_000;

/** Lets so many minutes pass, half a minute at a time. */
async function pass(h: Harness, minutes: number): Promise<void> {
  for (let half = 0; half < minutes * 2; half++) {
    await h.clock.idle();
    h.clock.advance(30_000);
    // What is visited runs beside the clock.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve));
  }
}

/** A place in which these programs run. */
function running(h: Harness, ...names: string[]): void {
  h.programs["/bin/sh"] = () => ({ stdout: ["sshd", "bash", "tmux: server", ...names].join("\n") + "\n" });
}

test("what a workspace takes on the disk is measured, and again only after a while", async () => {
  await using h = createHarness();
  const asked: string[][] = [];
  h.programs["nice"] = ({ argv }) => {
    asked.push([...argv]);
    return { stdout: `12\t/home/workspace\n${asked.length * 1_000}\ttotal\n` };
  };
  await h.workspaces.create({ name: "demo", clone: "https://forge.test/acme/next.js" });
  await pass(h, 1);
  expect(h.workspaces.get("demo").diskBytes).toBe(1_024_000);
  expect(asked[0]).toEqual(["nice", "-n", "19", "du", "-skxc", "--", "/home/workspace", "/home/workspace/next.js"]);
  await pass(h, 9);
  expect(asked).toHaveLength(1);
  await pass(h, 2);
  expect(h.workspaces.get("demo").diskBytes).toBe(2_048_000);
});

test("what cannot be measured keeps what was known", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo" });
  h.programs["nice"] = () => ({ stdout: "du: cannot read\n", code: 1 });
  await pass(h, 1);
  expect(h.workspaces.get("demo").diskBytes).toBeUndefined();
});

test("an idle workspace stops, which is decided and told", async () => {
  await using h = createHarness();
  running(h);
  const { id } = await h.workspaces.create({ name: "demo", idleMs: 10 * MINUTE });
  await pass(h, 9);
  expect(h.workspaces.get("demo").power).toBe("running");
  await pass(h, 2);
  expect(h.workspaces.get("demo")).toMatchObject({ power: "stopped", stopReason: "It was idle." });
  expect(h.decisions).toEqual([
    { action: "stop", workspace: { id, name: "demo" }, outcome: "done", reason: "it was idle" },
  ]);
});

test("a program that waits at a question is no idleness, however long it waits", async () => {
  await using h = createHarness();
  running(h, "claude");
  await h.workspaces.create({ name: "demo", idleMs: 10 * MINUTE });
  await pass(h, 40);
  expect(h.workspaces.get("demo").power).toBe("running");
  running(h);
  await pass(h, 12);
  expect(h.workspaces.get("demo").power).toBe("stopped");
});

test("a command that runs is use, and so is the end of it", async () => {
  await using h = createHarness();
  running(h);
  await h.workspaces.create({ name: "demo", idleMs: 10 * MINUTE });
  const ending = new AbortController();
  const { exit } = await h.workspaces.run("demo", ["forever"], { signal: ending.signal });
  exit.catch(() => undefined);
  await pass(h, 30);
  expect(h.workspaces.get("demo").power).toBe("running");
  ending.abort();
  await pass(h, 9);
  expect(h.workspaces.get("demo").power).toBe("running");
  await pass(h, 2);
  expect(h.workspaces.get("demo").power).toBe("stopped");
});

test("a file on its way is use, until it was read or left", async () => {
  await using h = createHarness();
  running(h);
  await h.workspaces.create({ name: "demo", idleMs: 10 * MINUTE });
  const files = await h.workspaces.files("demo");
  await files.write("a", new Uint8Array(200_000));
  await using file = await files.download("a");
  const content = file.content[Symbol.asyncIterator]();
  await content.next();
  await pass(h, 20);
  expect(h.workspaces.get("demo").power).toBe("running");
  await content.return?.();
  await pass(h, 12);
  expect(h.workspaces.get("demo").power).toBe("stopped");
});

test("a jump of wall time makes nothing idle", async () => {
  await using h = createHarness();
  running(h);
  await h.workspaces.create({ name: "demo", idleMs: 10 * MINUTE });
  h.clock.jump(365 * 24 * 60 * MINUTE);
  await pass(h, 2);
  expect(h.workspaces.get("demo").power).toBe("running");
});
