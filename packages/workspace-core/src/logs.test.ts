import { expect, test } from "vitest";
import { WsError } from "./errors.ts";
import { settled } from "./testing/box-suite/probing.ts";
import { createHarness, eventually, type Harness } from "./testing/harness.ts";

/** The first reading is of what is there, the second follows. Returns how often was read. */
function cutFirstFollow({ runtime }: Harness): () => number {
  let calls = 0;
  runtime.intercept((method) => {
    if (method !== "logs") return;
    calls += 1;
    if (calls === 2) throw new WsError("engine_lost", { message: "Cut.", data: { runtime: "docker" } });
  });
  return () => calls;
}

async function read(h: Harness, options: { tail?: number } = {}): Promise<string[]> {
  return Array.fromAsync(h.workspaces.logs("demo", options));
}

/** Reads on until a line holds the text. */
async function until(lines: AsyncIterator<string>, text: string): Promise<string[]> {
  const seen: string[] = [];
  while (seen.at(-1)?.includes(text) !== true) {
    const { done, value } = await lines.next();
    if (done === true) throw new Error(`it ended without '${text}': ${seen.join("")}`);
    seen.push(value);
  }
  return seen;
}

test("a log is what the agent did and then what the place printed, of both together the last lines", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  h.runtime.print(id, "from the place");
  const all = await read(h);
  expect(all[0]).toContain("Prepare");
  expect(all.at(-1)).toBe("from the place\n");
  expect(await read(h, { tail: 2 })).toEqual(all.slice(-2));
});

test("without its engine a log has every line that is kept, and says last what is missing", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo" });
  const kept = (await read(h)).length;
  h.runtime.setReachable(false);
  const told = await read(h);
  expect(told).toHaveLength(kept + 1);
  expect(told.at(-1)).toMatch(/^\d{4}-.* What it printed itself cannot be read now: The engine does not answer\.\n$/);
});

test("a failure that is no absence of the engine comes after the lines that are kept", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo" });
  h.runtime.intercept((method) => {
    if (method === "logs") throw new Error("a defect");
  });
  const lines = h.workspaces.logs("demo", { tail: 1 })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toContain("Run scripts: done");
  await expect(lines.next()).rejects.toThrow("a defect");
});

test("following goes on when the engine is back, and tells of its absence once", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  const stop = new AbortController();
  const lines = h.workspaces.logs("demo", { tail: 0, follow: true, signal: stop.signal })[Symbol.asyncIterator]();
  const first = until(lines, "before");
  await h.runtime.followed();
  h.runtime.print(id, "before");
  await first;
  h.runtime.setReachable(false);
  await until(lines, "cannot be read now");
  h.runtime.setReachable(true);
  const again = await until(lines, "Run scripts: done");
  expect(again.join("")).toContain("The engine was restarted");
  expect(again.join("")).not.toContain("cannot be read now");
  await eventually(h.workspaces, () => h.workspaces.get("demo").operation === undefined);
  const after = until(lines, "after");
  await h.runtime.followed();
  h.runtime.print(id, "after");
  await after;
  stop.abort();
});

test("following misses no line that was printed while nobody could read it, and doubles none", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  h.runtime.print(id, "printed before");
  const stop = new AbortController();
  let calls = 0;
  h.runtime.intercept((method) => {
    if (method !== "logs") return;
    calls += 1;
    // The first call is for what there is already; while the second is on its way, more comes.
    if (calls === 2) h.runtime.print(id, "printed between");
  });
  const lines = h.workspaces.logs("demo", { tail: 0, follow: true, signal: stop.signal })[Symbol.asyncIterator]();
  const seen = await until(lines, "printed between");
  await h.runtime.followed();
  h.runtime.setReachable(false);
  seen.push(...(await until(lines, "cannot be read now")));
  h.runtime.print(id, "printed meanwhile");
  h.runtime.setReachable(true);
  seen.push(...(await until(lines, "printed meanwhile")));
  await eventually(h.workspaces, () => h.workspaces.get("demo").operation === undefined);
  await h.workspaces.stop("demo");
  h.runtime.intercept((method) => {
    if (method === "start") h.runtime.print(id, "printed at its start");
  });
  await h.workspaces.start("demo");
  seen.push(...(await until(lines, "printed at its start")));
  stop.abort();
  expect(seen.filter((line) => line.startsWith("printed"))).toEqual([
    "printed between\n",
    "printed meanwhile\n",
    "printed at its start\n",
  ]);
});

test("following tells what a place printed before it ended while its connection was lost", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  const stop = new AbortController();
  cutFirstFollow(h);
  const lines = h.workspaces.logs("demo", { tail: 0, follow: true, signal: stop.signal })[Symbol.asyncIterator]();
  await until(lines, "cannot be read now: Cut.");
  h.runtime.print(id, "its last words");
  h.runtime.crash(id, { code: 137, oom: true });
  const seen = await until(lines, "its last words");
  await eventually(h.workspaces, () => h.workspaces.get("demo").power === "stopped");
  await h.workspaces.start("demo");
  h.runtime.print(id, "its first words");
  seen.push(...(await until(lines, "its first words")));
  stop.abort();
  expect(seen.filter((line) => line.startsWith("its"))).toEqual(["its last words\n", "its first words\n"]);
});

test("following ends with a failure that is no absence of the engine, after what came before it", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  const lines = h.workspaces.logs("demo", { tail: 0, follow: true })[Symbol.asyncIterator]();
  const first = until(lines, "before");
  await h.runtime.followed();
  h.runtime.print(id, "before");
  await first;
  h.runtime.intercept((method) => {
    if (method === "logs") throw new Error("a defect");
  });
  await h.workspaces.restart("demo");
  await expect(until(lines, "never")).rejects.toThrow("a defect");
});

test.each(["ends", "is refused"])("following ends with its workspace, where reading %s", async (how) => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  const lines = Array.fromAsync(h.workspaces.logs("demo", { tail: 0, follow: true }));
  await h.runtime.followed();
  h.runtime.print(id, "last words");
  h.runtime.intercept((method) => {
    if (method === "logs" && how === "is refused") throw new Error("the container is marked for removal");
  });
  await h.workspaces.delete("demo");
  expect(await lines).toEqual(["last words\n"]);
});

test("following goes on where only its own connection was lost", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  const stop = new AbortController();
  const calls = cutFirstFollow(h);
  const lines = h.workspaces.logs("demo", { tail: 0, follow: true, signal: stop.signal })[Symbol.asyncIterator]();
  await until(lines, "cannot be read now: Cut.");
  const next = until(lines, "later");
  const later = (): number => {
    h.clock.advance(2_000);
    return calls();
  };
  await expect.poll(later).toBe(3);
  await h.runtime.followed();
  h.runtime.print(id, "later");
  expect(await next).toEqual(["later\n"]);
  stop.abort();
});

test("a reader that does not read holds the place's lines back where they are, and gets them all in order later", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  const printed = h.runtime.logs;
  let taken = 0;
  h.runtime.logs = async function* (...given) {
    for await (const piece of printed(...given)) {
      taken += 1;
      yield piece;
    }
  };
  const stop = new AbortController();
  const lines = h.workspaces.logs("demo", { tail: 0, follow: true, signal: stop.signal })[Symbol.asyncIterator]();
  const first = lines.next();
  await h.runtime.followed();
  for (let index = 0; index < 3_000; index += 1) h.runtime.print(id, `flood ${index}`);
  expect((await first).value).toBe("flood 0\n");
  expect(await settled(() => taken)).toBeLessThan(10);
  const rest = await until(lines, "flood 2999");
  expect(rest).toEqual(Array.from({ length: 2_999 }, (_each, index) => `flood ${index + 1}\n`));
  stop.abort();
});

test("a line that never ends comes in pieces", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  const stop = new AbortController();
  const lines = h.workspaces.logs("demo", { tail: 0, follow: true, signal: stop.signal })[Symbol.asyncIterator]();
  const first = lines.next();
  await h.runtime.followed();
  h.runtime.print(id, `${"x".repeat(100_000)}end`);
  const seen = [String((await first).value), ...(await until(lines, "end"))];
  expect(seen.map((line) => line.replaceAll("\n", "")).join("")).toBe(`${"x".repeat(100_000)}end`);
  expect(Math.max(...seen.map((line) => line.length))).toBeLessThan(10_000);
  stop.abort();
});

test("of what scripts print while nobody reads, lines beyond a limit are left out, and a line says how many", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo" });
  await h.workspaces.stop("demo");
  h.scripts.push({ name: "talks", content: new Uint8Array() });
  const line = "y".repeat(1_000);
  h.programs["script"] = () => ({ stdout: `${line}\n`.repeat(3_000) });
  const stop = new AbortController();
  const lines = h.workspaces.logs("demo", { tail: 0, follow: true, signal: stop.signal })[Symbol.asyncIterator]();
  const first = lines.next();
  await h.workspaces.start("demo");
  const seen = [String((await first).value), ...(await until(lines, "Lines left out"))];
  const kept = seen.filter((each) => each.includes(line)).length;
  const left = Number(/ Lines left out because they were not read in time: (\d+)\.\n$/.exec(seen.at(-1) ?? "")?.[1]);
  expect(kept).toBeGreaterThan(500);
  expect(left).toBeGreaterThanOrEqual(3_000 - kept);
  // What comes once there is room again is told again.
  h.programs["script"] = () => ({ stdout: "again\n" });
  await h.workspaces.restart("demo");
  await until(lines, "again");
  stop.abort();
});

test("following tells no more of the past than was asked for, where what was read of that has no place", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  const { logs } = h.runtime;
  h.runtime.print(id, "the past");
  h.runtime.logs = async function* () {
    h.runtime.logs = logs;
    yield { bytes: new TextEncoder().encode("Error of the engine\n"), at: "" };
  };
  const stop = new AbortController();
  const lines = h.workspaces.logs("demo", { tail: 0, follow: true, signal: stop.signal })[Symbol.asyncIterator]();
  const seen = until(lines, "new");
  await h.runtime.followed();
  h.runtime.print(id, "new");
  expect(await seen).toEqual(["new\n"]);
  stop.abort();
});
