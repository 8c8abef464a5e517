import { expect, test } from "vitest";
import { WsError } from "./errors.ts";
import { createHarness, eventually, type Harness } from "./testing/harness.ts";

/** From now on nothing can be written, until what is returned is called. */
function fill({ store }: Harness): () => void {
  const { update } = store;
  store.update = () => {
    throw new WsError("disk_full", { message: "Full.", data: {} });
  };
  return () => void (store.update = update);
}

test("a command runs on a full disk, where its use cannot be noted", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo" });
  h.clock.advance(120_000);
  fill(h);
  const { exit } = await h.workspaces.run("demo", ["echo", "hi"]);
  expect((await exit).code).toBe(0);
});

/** Lets this many of the TTLs' ticks go by, and waits for what each of them does. */
async function tick(h: Harness, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    h.clock.advance(30_000);
    await h.clock.idle();
  }
}

test("a TTL counts on while the disk is full, and is kept as soon as there is room", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo", ttlMs: 120_000 });
  const clear = fill(h);
  await tick(h, 2);
  expect(h.workspaces.get("demo").ttlRemainingMs).toBe(120_000);
  clear();
  await tick(h, 1);
  expect(h.workspaces.get("demo").ttlRemainingMs).toBe(30_000);
  await tick(h, 1);
  await eventually(h.workspaces, () => h.workspaces.get("demo").power === "stopped");
  expect(h.workspaces.get("demo").stopReason).toContain("TTL");
});

test("a TTL that was over while the disk was full ends its workspace as soon as there is room", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo", ttlMs: 60_000 });
  const clear = fill(h);
  await tick(h, 5);
  expect(h.workspaces.get("demo").power).toBe("running");
  clear();
  await tick(h, 1);
  await eventually(h.workspaces, () => h.workspaces.get("demo").power === "stopped");
});

test("one workspace whose record cannot be written holds up no other's TTL", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "one", ttlMs: 60_000 });
  await h.workspaces.create({ name: "two", ttlMs: 60_000 });
  const { update } = h.store;
  h.store.update = (record) => {
    if (record.id === id) throw new WsError("disk_full", { message: "Full.", data: {} });
    update(record);
  };
  await tick(h, 2);
  await eventually(h.workspaces, () => h.workspaces.get("two").power === "stopped");
  expect(h.workspaces.get("one").power).toBe("running");
});

test.each([
  ["a restart", async ({ workspaces }: Harness) => workspaces.restart("demo")],
  ["a touch", async ({ workspaces }: Harness) => workspaces.touch("demo")],
  [
    "a stop and start",
    async ({ workspaces }: Harness) => {
      await workspaces.stop("demo");
      await workspaces.start("demo");
    },
  ],
])("time that could not be kept is not taken from a TTL that %s has begun anew", async (_title, renew) => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo", ttlMs: 120_000 });
  // Nothing could be written since it began, so that what is left is the same before and after.
  const clear = fill(h);
  await tick(h, 2);
  clear();
  await renew(h);
  await tick(h, 1);
  expect(h.workspaces.get("demo").ttlRemainingMs).toBe(90_000);
});

test("what a TTL has ended on a full disk runs for a whole one when it is started again", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo", ttlMs: 60_000 });
  const { update } = h.store;
  h.store.update = (record) => {
    // A stop is written on what is kept for that.
    if (record.operation?.kind !== "stop" && record.power === "running") {
      throw new WsError("disk_full", { message: "Full.", data: {} });
    }
    update(record);
  };
  await tick(h, 2);
  await eventually(h.workspaces, () => h.workspaces.get("demo").power === "stopped");
  h.store.update = update;
  await h.workspaces.start("demo");
  await tick(h, 1);
  expect(h.workspaces.get("demo")).toMatchObject({ power: "running", ttlRemainingMs: 30_000 });
});

test("use of a workspace, which begins no TTL anew, gives no time back that could not be kept", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo", ttlMs: 300_000 });
  const clear = fill(h);
  await tick(h, 3);
  clear();
  await (
    await h.workspaces.run("demo", ["true"])
  ).exit;
  await tick(h, 1);
  expect(h.workspaces.get("demo").ttlRemainingMs).toBe(180_000);
});

test("before a create is refused for a full disk, what is kept for later clones makes room", async () => {
  await using h = createHarness();
  const { free, git } = h;
  free.bytes = 1e9;
  git.unused.bytes = 60e9;
  git.unused.onRemove = () => (free.bytes = 50e9);
  await expect(h.workspaces.create({ name: "demo" })).resolves.toMatchObject({ phase: "ready" });
  free.bytes = 1e9;
  git.unused.onRemove = () => {};
  await expect(h.workspaces.create({ name: "more" })).rejects.toMatchObject({ code: "disk_full" });
});
