import { describe, expect, test } from "vitest";
import type { RunRequest } from "../runs/runs.ts";
import { isWsError } from "../errors.ts";
import { createFakeRuns, type FakeRunProgram } from "./fake-runs.ts";
import { createManualClock } from "./manual-clock.ts";
import { plainRunsSuite } from "./runs-suite.ts";
import { clock as realClock } from "./terminals-suite/driving.ts";

const request = (id: string, more: Partial<RunRequest> = {}): RunRequest => ({
  id,
  argv: ["say", "hello"],
  keep: { head: 1024, tail: 1024 },
  errors: "merged",
  ...more,
});

function setUp() {
  const clock = createManualClock();
  const programs: Record<string, FakeRunProgram> = {
    say: ({ request: { argv }, print }) => {
      print(argv.slice(1).join(" "));
      return {};
    },
    forever: ({ print, signal }) => {
      print("began");
      return untilEnded(signal);
    },
  };
  return { clock, runs: createFakeRuns({ clock, programs }) };
}

async function textOf(parts: AsyncIterable<{ offset: number; bytes: Uint8Array }>): Promise<string> {
  let text = "";
  for await (const { offset, bytes } of parts) text += `${offset}:${new TextDecoder().decode(bytes)} `;
  return text.trim();
}

const untilEnded = (signal: AbortSignal): Promise<Record<string, never>> =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve({}), { once: true }));

plainRunsSuite("Runs without processes", () =>
  createFakeRuns({
    clock: realClock,
    programs: {
      printf: ({ request: { argv }, print }) => {
        print(argv.at(-1) ?? "");
        return {};
      },
      cat: ({ request: { stdin = new Uint8Array() }, print }) => {
        print(stdin);
        return {};
      },
      true: () => ({}),
      false: () => ({ code: 1 }),
      sleep: ({ signal }) => untilEnded(signal),
    },
  }),
);

describe("fake runs", () => {
  test("run a program once under its id, and keep what it said and how it ended", async () => {
    const { runs } = setUp();
    await Promise.all([runs.start(request("t.1")), runs.start(request("t.1"))]);
    expect(await runs.ended("t.1")).toEqual({ how: "exit", code: 0 });
    expect(runs.begun).toEqual(["t.1"]);
    expect(await textOf(runs.read("t.1", 2))).toBe("2:llo");
    expect(await runs.list()).toMatchObject([{ id: "t.1", start: 0, end: 5, ended: { how: "exit" } }]);
  });

  test("keep the first bytes and the last ones of what is too much", async () => {
    const { runs } = setUp();
    await runs.start(request("t.1", { argv: ["say", "0123456789"], keep: { head: 2, tail: 3 } }));
    await runs.ended("t.1");
    expect(await textOf(runs.read("t.1", 0))).toBe("0:01 7:789");
  });

  test("end at their time limit, when they are ended, and with their place", async () => {
    const { clock, runs } = setUp();
    await runs.start(request("t.1", { argv: ["forever"], timeoutMs: 1_000 }));
    await runs.start(request("t.2", { argv: ["forever"] }));
    await runs.start(request("t.3", { argv: ["forever"] }));
    const output = textOf(runs.read("t.3", 0));
    clock.advance(1_000);
    expect(await runs.ended("t.1")).toMatchObject({ how: "timeout" });
    await runs.end("t.2");
    expect(await runs.ended("t.2")).toMatchObject({ how: "cancelled", code: 143 });
    runs.stopPlace();
    expect(await runs.ended("t.3")).toEqual({ how: "lost" });
    expect(await output).toBe("0:began");
    await runs.remove("t.3");
    expect(await runs.ended("t.3").catch((error: unknown) => isWsError(error, "run_not_found"))).toBe(true);
  });

  test("that were ended before they began never begin", async () => {
    const { runs } = setUp();
    await runs.end("t.1");
    expect(await runs.start(request("t.1"))).toMatchObject({ ended: { how: "cancelled" } });
    expect(runs.begun).toEqual([]);
  });
});
