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

test("a TTL is kept again when the disk has room", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo", ttlMs: 120_000 });
  const clear = fill(h);
  for (let tick = 0; tick < 2; tick += 1) {
    h.clock.advance(30_000);
    await h.clock.idle();
  }
  clear();
  const stopped = eventually(h.workspaces, () => h.workspaces.get("demo").power === "stopped");
  for (let tick = 0; tick < 5; tick += 1) {
    h.clock.advance(30_000);
    await h.clock.idle();
  }
  await stopped;
  expect(h.workspaces.get("demo").stopReason).toContain("TTL");
});
