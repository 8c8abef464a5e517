import { expect, test } from "vitest";
import { readPlace, writePlace } from "./log-place.ts";
import { createHarness } from "./testing/harness.ts";

test.each([
  {},
  { said: { at: 1_795_331_732_594, nth: 3 } },
  { after: "1:1795331732594000000:2 2:0:0" },
  { said: { at: 5, nth: 1 }, after: "17" },
])("a place is a word that is understood again: %o", (place) => {
  expect(readPlace(writePlace(place))).toEqual(place);
});

test.each(["", "1", "x.y.z", "1.1.__proto__", "1.1.%00", `1.1.${"9".repeat(300)}`, "-1.1.1", "1.1.1\n"])(
  "what comes from outside and is no place is none: %j",
  (text) => expect(readPlace(text)).toBeUndefined(),
);

/** Follows the log of `demo` until it has heard so many lines, and leaves. */
async function followUntil(
  h: ReturnType<typeof createHarness>,
  options: { after?: string | undefined; tail?: number; lines: number },
): Promise<{ told: string[]; after: string | undefined }> {
  const leaving = new AbortController();
  const told: string[] = [];
  let { after } = options;
  for await (const { text, place } of h.workspaces.followLog("demo", { ...options, signal: leaving.signal })) {
    told.push(text);
    after = place;
    if (told.length === options.lines) break;
  }
  leaving.abort();
  return { told, after };
}

test("whoever comes back hears what was said since, once, of the agent and of the place", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  h.runtime.print(id, "place 1");
  h.runtime.print(id, "place 2");
  const all = async (): Promise<string[]> => Array.fromAsync(h.workspaces.logs("demo", {}));
  const before = await all();
  const first = await followUntil(h, { lines: before.length });
  expect(first.told).toEqual(before);
  h.store.appendLog(id, { at: 1, source: "agent", line: "said meanwhile, by a clock that was put back" });
  h.runtime.print(id, "place 3");
  const second = await followUntil(h, { after: first.after, tail: 100, lines: 2 });
  expect(second.told).toEqual([expect.stringContaining("said meanwhile"), "place 3\n"]);
  h.store.appendLog(id, { at: 1, source: "agent", line: "in the same instant" });
  const third = await followUntil(h, { after: second.after, lines: 1 });
  expect(third.told).toEqual([expect.stringContaining("in the same instant")]);
});

test.each([1, 2, 5])("cut after any %i lines, the pieces are the whole", async (lines) => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  for (let line = 0; line < 6; line += 1) h.runtime.print(id, `place ${line}`);
  const whole = await Array.fromAsync(h.workspaces.logs("demo", {}));
  const heard: string[] = [];
  let after: string | undefined;
  while (heard.length < whole.length) {
    const piece = await followUntil(h, { after, lines: Math.min(lines, whole.length - heard.length) });
    heard.push(...piece.told);
    after = piece.after;
  }
  expect(heard).toEqual(whole);
});

test("whoever asked for the last line only does not get the others when coming back", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  h.runtime.print(id, "place 1");
  const { told, after } = await followUntil(h, { tail: 1, lines: 1 });
  expect(told).toEqual(["place 1\n"]);
  h.runtime.print(id, "place 2");
  expect((await followUntil(h, { after, lines: 1 })).told).toEqual(["place 2\n"]);
});
