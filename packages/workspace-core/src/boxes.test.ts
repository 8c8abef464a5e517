import { expect, test } from "vitest";
import { createHarness, eventually, type Harness } from "./testing/harness.ts";
import { statusOf } from "./workspace.ts";

const clone = "https://forge.test/a/b";
const never = (): Promise<void> => new Promise(() => undefined);

/** A running workspace whose next Box never gets its way out for git. */
async function stuck(): Promise<Harness> {
  const h = createHarness();
  await h.workspaces.create({ name: "demo", clone });
  await h.workspaces.stop("demo");
  h.git.attachAfter(never);
  return h;
}

/** Resolves once the start waits for git. */
function connecting(h: Harness): Promise<void> {
  return eventually(
    h.workspaces,
    () => h.store.list()[0]?.startup.find(({ id }) => id === "connect")?.status === "running",
  );
}

test("A workspace that never lets git be led out starts all the same, once that was waited for long enough", async () => {
  await using h = await stuck();
  const starting = h.workspaces.start("demo");
  await connecting(h);
  await new Promise((resolve) => setTimeout(resolve));
  h.clock.advance(10_000);
  expect(statusOf(await starting)).toBe("running");
  await expect((await h.workspaces.run("demo", ["true"])).exit).resolves.toEqual({ code: 0 });
});

test("What is given up is told so, that nothing of it stays", async () => {
  await using h = await stuck();
  const given = Promise.withResolvers<AbortSignal | undefined>();
  h.git.attachAfter((signal) => {
    given.resolve(signal);
    return never();
  });
  const starting = h.workspaces.start("demo");
  const signal = await given.promise;
  expect(signal?.aborted).toBe(false);
  h.clock.advance(10_000);
  await starting;
  expect(signal?.aborted).toBe(true);
});

test("A workspace that holds a start up can be deleted at once", async () => {
  await using h = await stuck();
  const starting = h.workspaces.start("demo");
  starting.catch(() => undefined);
  await connecting(h);
  await h.workspaces.delete("demo", { force: true });
  await expect(starting).rejects.toMatchObject({ code: "aborted" });
  expect(h.workspaces.list()).toEqual([]);
});

test("A create that never connects can be deleted at once", async () => {
  await using h = createHarness();
  h.git.attachAfter(never);
  const creating = h.workspaces.create({ name: "demo", clone });
  creating.catch(() => undefined);
  await connecting(h);
  await h.workspaces.delete("demo", { force: true });
  await expect(creating).rejects.toMatchObject({ code: "aborted" });
  expect(h.workspaces.list()).toEqual([]);
});

test.each([
  ["stop", "workspace_not_running"],
  ["delete", "workspace_not_found"],
] as const)(
  "A running one can be told to %s at once while its Box never comes, and who waits is told %s",
  async (verb, code) => {
    await using h = createHarness();
    await h.workspaces.create({ name: "demo", clone });
    h.git.attachAfter(never);
    // A second agent has no Box yet.
    const second = h.reborn();
    const running = second.run("demo", ["true"]);
    running.catch(() => undefined);
    await (verb === "stop" ? second.stop("demo") : second.delete("demo", { force: true }));
    await expect(running).rejects.toMatchObject({ code });
  },
);

test("A command's own time limit holds while its Box never comes", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo", clone });
  h.git.attachAfter(never);
  const limit = new AbortController();
  const running = h.reborn().run("demo", ["true"], { signal: limit.signal });
  limit.abort();
  await expect(running).rejects.toMatchObject({ code: "aborted" });
});

test("A Box that does not end holds a stop up for a moment only", async () => {
  await using h = createHarness();
  const open = h.runtime.open;
  const closing = Promise.withResolvers<void>();
  h.runtime.open = async (...given) =>
    Object.assign(await open(...given), {
      [Symbol.asyncDispose]: () => {
        closing.resolve();
        return never();
      },
    });
  await h.workspaces.create({ name: "demo" });
  const stopping = h.workspaces.stop("demo");
  await closing.promise;
  await new Promise((resolve) => setTimeout(resolve));
  h.clock.advance(2_000);
  expect(statusOf(await stopping)).toBe("stopped");
});

test("A clone that does not even end on request holds a delete up for some seconds only", async () => {
  await using h = createHarness();
  const cloning = Promise.withResolvers<void>();
  h.git.clone = () => {
    cloning.resolve();
    return new Promise(() => undefined);
  };
  const creating = h.workspaces.create({ name: "demo", clone });
  creating.catch(() => undefined);
  await cloning.promise;
  const deleting = h.workspaces.delete("demo", { force: true });
  await new Promise((resolve) => setTimeout(resolve));
  h.clock.advance(5_000);
  await deleting;
  await expect(creating).rejects.toMatchObject({ code: "aborted" });
  expect(h.workspaces.list()).toEqual([]);
});
