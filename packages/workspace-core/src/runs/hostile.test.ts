import { describe, expect, test } from "vitest";
import { createFakeBox } from "../testing/fake-box.ts";
import { createFakeHome } from "../testing/fake-home.ts";
import type { FakeProgram } from "../testing/fake-process.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createRuns } from "./create-runs.ts";
import { parseRun } from "./parse-runs.ts";
import { runPayload } from "./run-payload.ts";
import type { RunRequest, Runs } from "./runs.ts";

/*
 * Whatever a run's directory holds, and whatever answers for what holds it, can be the workspace's own.
 */

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const REQUEST: RunRequest = {
  id: "t.1",
  argv: ["make"],
  cwd: "/src",
  keep: { head: 10, tail: 10 },
  errors: "merged",
};

describe("a line that says of a run what is known", () => {
  test.each([
    ["run t.1 0 9 17 - - -", { id: "t.1", start: 0, end: 9, startedAt: 17 }],
    ["run t.1 3 9 17 exit 0 -", { id: "t.1", start: 3, end: 9, startedAt: 17, ended: { how: "exit", code: 0 } }],
    ["run t.1 0 9 17 lost - -", { id: "t.1", start: 0, end: 9, startedAt: 17, ended: { how: "lost" } }],
    [
      "run t.1 0 9 17 cancelled 137 9",
      { id: "t.1", start: 0, end: 9, startedAt: 17, ended: { how: "cancelled", code: 137, signal: "SIGKILL" } },
    ],
    [
      "run t.1 0 9 17 exit 168 40",
      { id: "t.1", start: 0, end: 9, startedAt: 17, ended: { how: "exit", code: 168, signal: "SIG40" } },
    ],
  ])("%s", (line, state) => {
    expect(parseRun(line)).toEqual(state);
  });

  test.each([
    "",
    "none",
    "run t.1 0 9 17 exit - -",
    "run t.1 0 9 17 exit 256 -",
    "run t.1 0 9 17 exit -1 -",
    "run t.1 0 9 17 exit 0 x",
    "run t.1 0 9 17 won 0 -",
    "run t.1 9 3 17 - - -",
    "run t.1 x 3 17 - - -",
    "run t.1 0 9007199254740993 17 - - -",
    "run ../t 0 9 17 - - -",
    `run ${"t".repeat(10_000)} 0 9 17 - - -`,
    "run t.1 0 9 17 - - - more",
    "run t.1 0 9 17 - -",
  ])("is none where it is '%s'", (line) => {
    expect(parseRun(line)).toBeUndefined();
  });
});

describe("what holds runs", () => {
  test.each(["", "ok", "run t.1 0 0 1 exit 0 -\n", "run t.1 0 0 1 exit 0 -\nok", "run t.1 0 0 1 exit 900 -\nok\n"])(
    "and says '%s' said no success",
    async (stdout) => {
      const runs = runsSaying(() => ({ stdout }));
      await expect(runs.start(REQUEST)).rejects.toMatchObject({ code: "internal" });
      await expect(runs.ended("t.1")).rejects.toMatchObject({ code: "internal" });
      if (!stdout.endsWith("ok\n")) await expect(runs.list()).rejects.toMatchObject({ code: "internal" });
      if (stdout !== "ok\n") await expect(runs.end("t.1")).rejects.toMatchObject({ code: "internal" });
    },
  );

  test("and fails says so with what it said, in one line", async () => {
    const runs = runsSaying(() => ({ stderr: "No\u001b[31m more\nof it\n", code: 9 }));
    await expect(runs.start(REQUEST)).rejects.toMatchObject({
      code: "internal",
      message: expect.stringMatching(/No \[31m more of it$/),
    });
  });

  test("and cannot end all says so", async () => {
    const runs = runsSaying(() => ({ stdout: "stuck\nok\n" }));
    await expect(runs.end("t.1")).rejects.toMatchObject({ code: "timeout", next: expect.any(String) });
  });

  test("and lists what is no run beside what is one is told of the latter", async () => {
    const runs = runsSaying(() => ({ stdout: "run ../x 0 0 1 - - -\nrun t.1 0 4 1 - - -\nnonsense\nok\n" }));
    expect(await runs.list()).toEqual([{ id: "t.1", start: 0, end: 4, startedAt: 1 }]);
  });

  test("and never answers is given up", async () => {
    const clock = createManualClock();
    const runs = createRuns(boxWith(untilAborted), { clock });
    const starting = runs.start(REQUEST).catch((error: unknown) => error);
    await clock.idle();
    clock.advance(60_000);
    expect(await starting).toMatchObject({ code: "timeout" });
  });
});

describe("what a run printed", () => {
  test("comes in pieces of any size, whatever the chunks", async () => {
    const said = encode("3 4\na\nbc9 1\n\n10 0\nend\n");
    const pieces = await all(
      runsSaying(async ({ print }) => {
        for (const byte of said) await print(Uint8Array.of(byte));
        return {};
      }),
      3,
    );
    const each = pieces.flatMap(({ offset, text }) => Array.from(text, (one, index) => `${offset + index}:${one}`));
    expect(each.join("|")).toBe("3:a|4:\n|5:b|6:c|9:\n");
  });

  test.each([
    ["is cut off", "0 4\nab"],
    ["ends without a word", ""],
    ["goes back", "5 1\nx3 1\ny"],
    ["has no length", "0 x\n"],
    ["has a line without end", "0".repeat(1_000)],
    ["has a length that cannot be counted", "0 99999999999999999999\n"],
  ])("is an error where it %s, not an end", async (_how, stdout) => {
    await expect(all(runsSaying(() => ({ stdout })))).rejects.toMatchObject({ code: "internal" });
  });

  test.each([Number.NaN, -1, 0.5, Infinity])("is not read from %s on", async (from) => {
    await expect(
      all(
        runsSaying(() => ({ stdout: "end\n" })),
        from,
      ),
    ).rejects.toMatchObject({ code: "invalid_input" });
  });
});

test("What a program is given goes in on the channel: lengths and texts, and none of it as an argument", async () => {
  const calls: string[] = [];
  let given = "";
  const runs = runsSaying(async ({ argv, options, stdin }) => {
    calls.push(argv.join(" "), JSON.stringify(options.env ?? {}));
    for await (const bytes of stdin) given += new TextDecoder().decode(bytes);
    return { stdout: "run t.1 0 0 1 - - -\nok\n" };
  });
  await runs.start({ ...REQUEST, argv: ["make", "ünique"], env: { KEY: "hidden\nvalue" }, stdin: encode("typed:") });
  expect(given).toBe("4:/src6:typed:1:24:make7:ünique16:KEY=hidden\nvalue3:end");
  expect(calls.join("\n")).not.toMatch(/ünique|hidden|typed|\/src/);
  expect(runPayload({ ...REQUEST, cwd: "/" })).toEqual(encode("1:/0:1:14:make3:end"));
});

function runsSaying(sh: FakeProgram): Runs {
  const clock = createManualClock();
  return createRuns(boxWith(sh), { clock: { ...clock, sleep: (_ms, signal) => notLong(signal) } });
}

/** A moment for what is waited for again; a limit is not reached. */
function notLong(signal: AbortSignal | undefined): Promise<void> {
  return signal === undefined ? Promise.resolve() : new Promise(() => undefined);
}

function boxWith(sh: FakeProgram): ReturnType<typeof createFakeBox> {
  return createFakeBox(createFakeHome("ws-000000"), new AbortController().signal, { sh });
}

const untilAborted: FakeProgram = ({ signal }) =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve({}), { once: true }));

async function all(runs: Runs, from = 0): Promise<{ offset: number; text: string }[]> {
  const pieces: { offset: number; text: string }[] = [];
  for await (const { offset, bytes } of runs.read("t.1", from)) {
    pieces.push({ offset, text: new TextDecoder().decode(bytes) });
  }
  return pieces;
}
