import { expect, test } from "vitest";
import { WsError } from "./errors.ts";
import { type From, placeLines } from "./place-lines.ts";
import type { Printed, Runtime } from "./ports.ts";
import { createHarness } from "./testing/harness.ts";

/** All lines of what was printed, where the connection is lost once after each piece. */
async function readWithCuts(pieces: readonly Omit<Printed, "at">[]): Promise<string[]> {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  const cuts = new Set<number>();
  const logs: Runtime["logs"] = async function* (_id, { after = "0" }) {
    for (const [index, piece] of pieces.entries()) {
      if (index < Number(after)) continue;
      yield { ...piece, at: String(index + 1) };
      if (cuts.has(index)) continue;
      cuts.add(index);
      throw new WsError("engine_lost", { message: "Cut.", data: { runtime: "docker" } });
    }
  };
  const engine = { store: h.store, runtime: () => ({ ...h.runtime, logs }) };
  const from: From = {};
  const told: string[] = [];
  const read = async (): Promise<void> => {
    for await (const { text } of placeLines(engine, id, from, { signal: undefined })) told.push(text);
  };
  for (const _piece of pieces) await expect(read()).rejects.toThrow("Cut.");
  await read();
  return told;
}

function printed(text: string | Uint8Array, output = "1"): Omit<Printed, "at"> {
  return { bytes: typeof text === "string" ? new TextEncoder().encode(text) : text, output };
}

test("a line without an end is told once, wherever the connection was lost meanwhile", async () => {
  const parts = ["a", "b", "c"].map((letter) => letter.repeat(16_384));
  const told = await readWithCuts([...parts.map((part) => printed(part)), printed("end\nnext\n")]);
  expect(told.at(-1)).toBe("next\n");
  expect(told.map((line) => line.trimEnd()).join("")).toBe(`${parts.join("")}endnext`);
});

test("a line of one output ends no line of the other, and loses none of it", async () => {
  const told = await readWithCuts([printed("one "), printed("error\n", "2"), printed("line\n"), printed("last")]);
  expect(told).toEqual(["error\n", "one line\n", "last\n"]);
});

test("a character that two pieces share is whole", async () => {
  const [first = 0, ...rest] = new TextEncoder().encode("é");
  expect(await readWithCuts([printed(Uint8Array.of(first)), printed(Uint8Array.of(...rest, 10))])).toEqual(["é\n"]);
});

test("the last lines are asked for again where the connection was lost before a piece that has a place", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo" });
  const asked: { after?: string; tail?: number }[] = [];
  const logs: Runtime["logs"] = async function* (_id, { after, tail }) {
    asked.push({ ...(after === undefined ? {} : { after }), ...(tail === undefined ? {} : { tail }) });
    yield { ...printed("Error of the engine\n", "3"), at: "" };
    if (asked.length > 1) yield { ...printed("last\n"), at: "1" };
    throw new WsError("engine_lost", { message: "Cut.", data: { runtime: "docker" } });
  };
  const engine = { store: h.store, runtime: () => ({ ...h.runtime, logs }) };
  const from: From = { tail: 5 };
  for (let times = 0; times < 3; times += 1) {
    await expect(Array.fromAsync(placeLines(engine, id, from, { signal: undefined }))).rejects.toThrow("Cut.");
  }
  expect(asked).toEqual([{ tail: 5 }, { tail: 5 }, { after: "1" }]);
});
