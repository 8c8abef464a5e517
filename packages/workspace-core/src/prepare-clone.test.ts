import { expect, test } from "vitest";
import { WsError } from "./errors.ts";
import { createFakeBox } from "./testing/fake-box.ts";
import { createFakeRuntime } from "./testing/fake-runtime.ts";
import { createHarness, eventually } from "./testing/harness.ts";

const clone = "https://forge.test/o/r";

test("what a clone needs is gathered while its place is made, which is shown it, and waited for before the clone", async () => {
  await using harness = createHarness();
  const { workspaces, git, runtime } = harness;
  const gathered = Promise.withResolvers<void>();
  git.prepareAfter(() => gathered.promise);
  const creating = workspaces.create({ name: "demo", clone });
  const step = (): string | undefined => workspaces.list()[0]?.operation?.step;
  await eventually(workspaces, () => step() === "clone");
  expect(git.clones).toEqual([]);
  expect(await runtime.list()).toMatchObject([{ power: "running" }]);
  gathered.resolve();
  const { id, objects } = await creating;
  expect(git.clones).toEqual([clone]);
  expect([...git.preparations]).toEqual([[id, clone]]);
  expect((await workspaces.box("demo")).objects).toBe(objects);
});

test("the place is shown the same after it was made again, and nothing where nothing is gathered", async () => {
  await using harness = createHarness();
  const { workspaces, git, runtime } = harness;
  git.prepareAfter(() => Promise.resolve());
  const { id, objects } = await workspaces.create({ name: "demo", clone });
  await workspaces.stop("demo");
  await runtime.abandon(id);
  await workspaces.start("demo");
  expect((await workspaces.box("demo")).objects).toBe(objects);
  const plain = await workspaces.create({ name: "plain" });
  expect(plain.objects).toBeUndefined();
});

test("nothing is gathered for a runtime whose places could not be shown it", async () => {
  const elsewhere = createFakeRuntime({ now: () => 0, openBox: (home, ended) => createFakeBox(home, ended) });
  await using harness = createHarness({ others: [{ ...elsewhere, name: "local", showsObjects: false }] });
  const { workspaces, git } = harness;
  git.prepareAfter(() => Promise.resolve());
  const { objects } = await workspaces.create({ name: "demo", clone, runtime: "local" });
  expect(objects).toBeUndefined();
  expect([...git.preparations]).toEqual([]);
});

test("it is given up with the workspace, whether that was deleted or its create failed", async () => {
  await using harness = createHarness();
  const { workspaces, git } = harness;
  git.prepareAfter(() => Promise.resolve());
  await workspaces.create({ name: "demo", clone });
  await workspaces.delete("demo");
  expect([...git.preparations]).toEqual([]);
  git.failWith(new WsError("clone_failed", { message: "It failed.", data: { url: clone } }));
  await expect(workspaces.create({ name: "again", clone })).rejects.toMatchObject({ code: "clone_failed" });
  expect([...git.preparations]).toEqual([]);
  expect(workspaces.get("again").objects).toBeUndefined();
});

test("what says that no clone can succeed fails the step before it is tried", async () => {
  await using harness = createHarness();
  const { workspaces, git } = harness;
  const missing = new WsError("repository_not_found", { message: "Repository not found.", data: { url: clone } });
  git.prepareAfter(() => Promise.reject(missing));
  await expect(workspaces.create({ name: "demo", clone })).rejects.toBe(missing);
  expect(git.clones).toEqual([]);
  expect(workspaces.get("demo").failure).toMatchObject({ step: "clone", code: "repository_not_found" });
});

test("after a crash in the middle of a delete it is given up too, and another worker's is left alone", async () => {
  await using harness = createHarness();
  const { workspaces, git, store, reborn } = harness;
  git.prepareAfter(() => Promise.resolve());
  const { id } = await workspaces.create({ name: "demo", clone });
  store.update({ ...workspaces.get("demo"), phase: "cleaned_up", power: "stopped" });
  git.preparations.set("ws-elsewhere", clone);
  await reborn().reconcile();
  expect(git.preparations.has(id)).toBe(false);
  expect([...git.preparations.keys()]).toEqual(["ws-elsewhere"]);
});
