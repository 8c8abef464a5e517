import { expect, test } from "vitest";
import { isWsError } from "../errors.ts";
import type { FakeProgram } from "../testing/fake-process.ts";
import { createFakeBox } from "../testing/fake-box.ts";
import { createFakeHome } from "../testing/fake-home.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createBoundedLog } from "./bounded-log.ts";
import { createTmuxTerminals } from "./tmux-terminals.ts";
import { runScript } from "../in-place/run-script.ts";
import { START_OF, STATES } from "./holder-scripts.ts";

/*
 * Everything that a terminal's directory holds can be written by what runs in the workspace.
 */

const NONCE = "00000000-0000-4000-8000-000000000000";
const GOOD = `main 5 9 1700000000000 80 24 - ${NONCE} main`;

test.each([
  ["text for a number", `main x 9 1 80 24 - ${NONCE} main`],
  ["no number", `main  9 1 80 24 - ${NONCE} main`],
  ["a start behind the end", `main 10 9 1 80 24 - ${NONCE} main`],
  ["a negative start", `main -1 9 1 80 24 - ${NONCE} main`],
  ["a fraction", `main 0.5 9 1 80 24 - ${NONCE} main`],
  ["an exponent", `main 1e3 2e3 1 80 24 - ${NONCE} main`],
  ["hexadecimal", `main 0x1 0xff 1 80 24 - ${NONCE} main`],
  ["more than can be counted exactly", `main 9007199254740993 9007199254740995 1 80 24 - ${NONCE} main`],
  ["an end from which no more can be counted", `main 0 9007199254740991 1 80 24 - ${NONCE} main`],
  ["no time", `main 5 9 then 80 24 - ${NONCE} main`],
  ["a screen that is none", `main 5 9 1 80 100000 - ${NONCE} main`],
  ["text for an exit code", `main 5 9 1 0 0 killed ${NONCE} main`],
  ["a large exit code", `main 5 9 1 0 0 1000 ${NONCE} main`],
  ["a name that is none", `../main 5 9 1 80 24 - ${NONCE} main`],
  ["a long name", `${"m".repeat(10_000)} 5 9 1 80 24 - ${NONCE} main`],
  ["no nonce", "main 5 9 1 80 24 -  main"],
  ["a nonce that is none", `main 5 9 1 80 24 - ${"\0".repeat(5_000)} main`],
  ["no name", `main 5 9 1 80 24 - ${NONCE}`],
  ["one field more", `${GOOD} more`],
])("A terminal's state with %s is left out, and the others are told", async (_what, bad) => {
  const terminals = terminalsSaying(`${bad}\n${GOOD.replaceAll("main", "other")}\n`);
  expect(await terminals.list()).toEqual([
    { id: "other", name: "other", start: 5, end: 9, createdAt: 1_700_000_000_000, size: { cols: 80, rows: 24 } },
  ]);
});

test("A name that is none, or another's, is not taken for one", async () => {
  const line = (id: string, name: string): string => `${id} 5 9 1700000000000 80 24 - ${NONCE} ${name}`;
  const said = [line("a", "b"), line("b", "b"), line("c", "Main"), line("d", "-x"), line("e", "web"), line("f", "web")];
  const states = await terminalsSaying(`${said.join("\n")}\n`).list();
  expect(states.map(({ id, name }) => [id, name])).toEqual([
    ["a", "a"],
    ["b", "b"],
    ["c", "c"],
    ["d", "d"],
    ["e", "web"],
    ["f", "f"],
  ]);
});

test("One terminal under two states is told once", async () => {
  expect(await terminalsSaying(`${GOOD}\n${GOOD}\n`).list()).toHaveLength(1);
});

test.each([Number.NaN, -1, 0.5, Infinity, Number.MAX_SAFE_INTEGER])("A log does not begin at %s", (base) => {
  expect(() => createBoundedLog(10, base)).toThrow(RangeError);
  expect(() => createBoundedLog(10).skipTo(base)).toThrow(RangeError);
});

test("Nobody waits for an offset that is none", async () => {
  await expect(createBoundedLog(10).reaches(Number.NaN)).rejects.toThrow(RangeError);
  await expect(createBoundedLog(10).read(Number.NaN).next()).rejects.toThrow(RangeError);
});

test.each(["stdout", "stderr"] as const)("A script that says without end on %s is ended", async (output) => {
  let ended = false;
  const box = boxWith(async ({ print, signal }) => {
    signal.addEventListener("abort", () => (ended = true));
    if (output === "stderr") return { stderr: "x".repeat(3_000_000) };
    while (!signal.aborted) await print(new Uint8Array(65_536));
    return {};
  });
  await expect(runScript(box, "true", [], { clock: createManualClock() })).rejects.toThrow(/more than/);
  expect(ended).toBe(true);
});

test("A script that never ends is ended at its deadline", async () => {
  const clock = createManualClock();
  const box = boxWith(({ signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve({}))));
  const running = runScript(box, "true", [], { clock }).catch((error: unknown) => error);
  await clock.idle();
  clock.advance(60_000);
  const error = await running;
  expect(isWsError(error, "timeout")).toBe(true);
});

test("A terminal that is being opened without end is told as that", async () => {
  const opening = terminalsSaying("?\n").open({ id: "main", argv: ["sh"], size: { cols: 80, rows: 24 } });
  await expect(opening).rejects.toMatchObject({ code: "timeout" });
});

test("A caller's own abort stays an abort", async () => {
  const caller = new AbortController();
  const box = boxWith(({ signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve({}))));
  const running = runScript(box, "true", [], { clock: createManualClock(), signal: caller.signal });
  caller.abort();
  await expect(running).rejects.toMatchObject({ code: "aborted" });
});

test("A start that is none is no reason to skip output", async () => {
  for (const start of ["x", "", "1e9", "99999999999999999999"]) {
    const box = boxWith(({ argv, print }) => {
      if (argv[2] === STATES) return { stdout: `${GOOD}\n` };
      if (argv[2] === START_OF) return { stdout: `${start}\n` };
      return print(new TextEncoder().encode(`a\0b\0\0ws-end:${NONCE}\0`)).then(() => ({}));
    });
    const terminals = createTmuxTerminals(box, { ...PLACE, clock: createManualClock() });
    const read: string[] = [];
    for await (const { bytes } of terminals.read("main", 9)) read.push(new TextDecoder().decode(bytes));
    expect(read.join("")).toBe("a\0b");
  }
});

const PLACE = { directory: "/home/workspace/.local/state/ws/terminals", keepBytes: 1_000, interval: "1" };

function terminalsSaying(stdout: string): ReturnType<typeof createTmuxTerminals> {
  return createTmuxTerminals(
    boxWith(() => ({ stdout })),
    { ...PLACE, clock: createManualClock() },
  );
}

function boxWith(sh: FakeProgram): ReturnType<typeof createFakeBox> {
  return createFakeBox(createFakeHome("ws-000000"), new AbortController().signal, { sh });
}
