import { expect, onTestFinished, test } from "vitest";
import type { Runtime, RuntimeEvent } from "./ports.ts";
import { createFakeBox } from "./testing/fake-box.ts";
import { createFakeRuntime } from "./testing/fake-runtime.ts";
import { createHarness, eventually } from "./testing/harness.ts";

/** A runtime beside the usual one, of whose watching each begin goes as the script says. */
function watched(
  begin: (time: number, signal: AbortSignal) => AsyncIterable<RuntimeEvent>,
): Runtime & { begun: number } {
  const fake = createFakeRuntime({ now: () => 0, openBox: (home, ended) => createFakeBox(home, ended) });
  const runtime = {
    ...fake,
    name: "local" as const,
    begun: 0,
    events: (signal: AbortSignal) => begin((runtime.begun += 1), signal),
  };
  return runtime;
}

function until(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

test("a runtime whose watching fails is watched again after a growing pause, which is told once", async () => {
  const told: string[] = [];
  const note = (message: string): void => void told.push(message);
  const runtime = watched(async function* (time, signal) {
    if (time < 4) throw new Error("EMFILE: too many open files");
    yield { type: "engine_back" };
    await until(signal);
  });
  const log = { debug: () => undefined, info: () => undefined, warn: note, error: note };
  await using h = createHarness({ others: [runtime], log });
  const changes = h.workspaces.events(AbortSignal.timeout(5_000))[Symbol.asyncIterator]();
  const back = changes.next();
  const pauses: number[] = [];
  for (let time = 1; time < 4; time += 1) {
    let waited = 0;
    for (; runtime.begun === time; waited += 50) {
      h.clock.advance(50);
      await new Promise((resolve) => setTimeout(resolve));
    }
    pauses.push(waited);
  }
  expect((await back).value).toMatchObject({ type: "engine", runtime: "local", available: true });
  expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  expect(pauses[2]).toBeGreaterThan(pauses[0] ?? Infinity);
  expect(told).toEqual(["a runtime cannot be watched; it is tried again"]);
});

test("a watching that ends after a long time begins again at once, however often it does, and is told of", async () => {
  const told: string[] = [];
  const note = (message: string): void => void told.push(message);
  const begun = Promise.withResolvers<() => void>();
  let next = begun;
  const runtime = watched(async function* (_time, signal) {
    const over = Promise.withResolvers<void>();
    next.resolve(over.resolve);
    await Promise.race([over.promise, until(signal)]);
    yield* [];
  });
  const log = { debug: () => undefined, info: () => undefined, warn: note, error: note };
  await using h = createHarness({ others: [runtime], log });
  for (let time = 1; time < 10; time += 1) {
    const end = await next.promise;
    next = Promise.withResolvers();
    h.clock.advance(60_000);
    end();
    await new Promise((resolve) => setTimeout(resolve));
    h.clock.advance(500);
    await new Promise((resolve) => setTimeout(resolve));
    expect(runtime.begun).toBe(time + 1);
  }
  expect(told).toEqual(Array.from({ length: 9 }, () => "a runtime cannot be watched; it is tried again"));
});

test("what a failing runtime's place did meanwhile is dealt with once it is watched again", async () => {
  const isOver = Promise.withResolvers<void>();
  const runtime = watched(async function* (time, signal) {
    if (time === 1) {
      await isOver.promise;
      throw new Error("EMFILE: too many open files");
    }
    yield { type: "exited", id: "ws-000000", exit: { code: 137, oom: false } };
    await until(signal);
  });
  await using h = createHarness({ others: [runtime] });
  await h.workspaces.create({ name: "demo", runtime: "local" });
  await runtime.stop("ws-000000");
  const stopped = eventually(h.workspaces, () => h.workspaces.get("demo").power === "stopped");
  isOver.resolve();
  await new Promise((resolve) => setTimeout(resolve));
  h.clock.advance(1_000);
  await stopped;
  expect(runtime.begun).toBe(2);
});

test("all Boxes are closed at the end, also where one thing or another of it fails", async () => {
  const closed: string[] = [];
  const h = createHarness();
  onTestFinished(() => h[Symbol.asyncDispose]());
  const open = h.runtime.open;
  h.runtime.open = async (id, signal) => {
    const box = await open(id, signal);
    return Object.assign(box, {
      async [Symbol.asyncDispose]() {
        closed.push(id);
        if (id === "ws-000000") throw new Error("it does not close");
      },
    });
  };
  for (const name of ["one", "two"]) {
    await h.workspaces.create({ name });
    await h.workspaces.box(name);
  }
  await h.workspaces[Symbol.asyncDispose]();
  expect(closed).toEqual(["ws-000000", "ws-000001"]);
});
