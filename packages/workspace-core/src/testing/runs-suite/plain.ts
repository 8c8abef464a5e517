import { expect, test } from "vitest";
import type { Runs } from "../../runs/runs.ts";
import { decode, encode, expectCode, expectRefusal, noise } from "../box-suite/probing.ts";
import { begin, freshRun, readPieces, readText, stateOf } from "./driving.ts";

export function plainTests(open: () => Runs): void {
  test("What a program says and how it ended are known, also later", async () => {
    const runs = open();
    const id = freshRun();
    const begun = await begin(runs, id, ["printf", "%s", "hello"]);
    expect(begun).toMatchObject({ id, start: 0 });
    expect(await runs.ended(id)).toEqual({ how: "exit", code: 0 });
    expect(await runs.ended(id)).toEqual({ how: "exit", code: 0 });
    expect(await readText(runs, id)).toBe("hello");
    expect(await readText(runs, id, 2)).toBe("llo");
    expect(await readText(runs, id, 5)).toBe("");
    const { startedAt } = begun;
    expect(await stateOf(runs, id)).toEqual({ id, start: 0, end: 5, startedAt, ended: { how: "exit", code: 0 } });
    await runs.remove(id);
  });

  test("What is there by now is read of one that goes on, and no more is waited for", async () => {
    const runs = open();
    const id = freshRun();
    await begin(runs, id, ["sleep", "1000"], { errors: "apart" });
    for (const stream of ["output", "errors"] as const) {
      expect(await Array.fromAsync(runs.read(id, 0, { live: false, stream }))).toEqual([]);
    }
    await runs.end(id);
    await expectRefusal(runs.read(freshRun(), 0, { live: false })[Symbol.asyncIterator]().next(), "run_not_found");
  });

  test("A program that fails is told with its exit code", async () => {
    const runs = open();
    const id = freshRun();
    await begin(runs, id, ["false"]);
    expect(await runs.ended(id)).toEqual({ how: "exit", code: 1 });
  });

  test("A program gets its input, and its output is every byte of it", async () => {
    const runs = open();
    const id = freshRun();
    const stdin = noise(300_000);
    await begin(runs, id, ["cat"], { stdin });
    const pieces = await readPieces(runs, id);
    expect(pieces).toHaveLength(1);
    expect(pieces[0]?.bytes).toEqual(stdin);
  });

  test("A run of an id is begun once, however many ask and however often", async () => {
    const runs = open();
    const id = freshRun();
    const states = await Promise.all([1, 2, 3].map((word) => begin(runs, id, ["printf", "%s", `begun ${word}`])));
    await runs.ended(id);
    const again = await begin(runs, id, ["printf", "%s", "again"]);
    expect(again.ended).toEqual({ how: "exit", code: 0 });
    expect(new Set(states.map(({ startedAt }) => startedAt))).toEqual(new Set([again.startedAt]));
    expect(await readText(runs, id)).toMatch(/^begun [123]$/);
  });

  test("Of too much output the first bytes and the last ones are kept, and the jump is told", async () => {
    const runs = open();
    const id = freshRun();
    const stdin = noise(2_000_000);
    await begin(runs, id, ["cat"], { stdin, keep: { head: 1_000, tail: 5_000 } });
    await runs.ended(id);
    const pieces = await readPieces(runs, id);
    expect(pieces).toHaveLength(2);
    for (const { offset, bytes } of pieces) expect(bytes).toEqual(stdin.slice(offset, offset + bytes.length));
    const [head, tail] = pieces;
    expect([head?.offset, head?.bytes.length]).toEqual([0, 1_000]);
    expect((tail?.offset ?? 0) + (tail?.bytes.length ?? 0)).toBe(stdin.length);
    expect(tail?.bytes.length).toBeGreaterThanOrEqual(5_000);
    expect(tail?.bytes.length).toBeLessThan(400_000);
    expect((await readPieces(runs, id, 500_000))[0]?.offset).toBe(tail?.offset);
    expect(await stateOf(runs, id)).toMatchObject({ start: 0, end: stdin.length });
  });

  test("One that is ended is told as cancelled, and ending it again is nothing", async () => {
    const runs = open();
    const id = freshRun();
    await begin(runs, id, ["sleep", "86400"]);
    const [ended, reading] = [runs.ended(id), readText(runs, id)];
    await runs.end(id);
    await runs.end(id);
    expect(await ended).toEqual({ how: "cancelled", code: 143, signal: "SIGTERM" });
    expect(await reading).toBe("");
    const late = freshRun();
    await begin(runs, late, ["sleep", "86400"]);
    await runs.end(late, { why: "timeout" });
    expect(await runs.ended(late)).toMatchObject({ how: "timeout" });
  });

  test("One that was ended before it began never begins", async () => {
    const runs = open();
    const id = freshRun();
    await runs.end(id);
    expect(await begin(runs, id, ["printf", "begun"])).toMatchObject({ ended: { how: "cancelled" } });
    expect(await runs.ended(id)).toEqual({ how: "cancelled" });
    expect(await readText(runs, id)).toBe("");
  });

  test("One that has ended by itself stays so when it is ended", async () => {
    const runs = open();
    const id = freshRun();
    await begin(runs, id, ["true"]);
    await runs.ended(id);
    await runs.end(id);
    expect(await runs.ended(id)).toEqual({ how: "exit", code: 0 });
  });

  test("One that takes too long ends at its time limit", async () => {
    const runs = open();
    const id = freshRun();
    await begin(runs, id, ["sleep", "86400"], { timeoutMs: 100 });
    expect(await runs.ended(id)).toEqual({ how: "timeout", code: 143, signal: "SIGTERM" });
  });

  test("Who waits and who reads can leave, and the run goes on", async () => {
    const runs = open();
    const id = freshRun();
    await begin(runs, id, ["sleep", "86400"]);
    const leaving = new AbortController();
    const waiting = runs.ended(id, leaving.signal);
    const reading = runs.read(id, 0, { signal: leaving.signal })[Symbol.asyncIterator]().next();
    leaving.abort();
    await expectCode(waiting, "aborted");
    expect((await reading).done).toBe(true);
    expect((await stateOf(runs, id))?.ended).toBeUndefined();
    await runs.end(id);
  });

  test("One that is gone or never was is not found, and removing it is success", async () => {
    const runs = open();
    const id = freshRun();
    await begin(runs, id, ["sleep", "86400"]);
    await runs.remove(id);
    expect(await stateOf(runs, id)).toBeDefined();
    await runs.end(id);
    await runs.remove(id);
    await runs.remove(id);
    expect(await stateOf(runs, id)).toBeUndefined();
    await expectRefusal(runs.ended(id), "run_not_found");
    await expectRefusal(runs.read(id, 0)[Symbol.asyncIterator]().next(), "run_not_found");
  });

  test("One that cannot be begun leaves nothing behind", async () => {
    const runs = open();
    const id = freshRun();
    await expectRefusal(begin(runs, id, ["no-such-program"]), "command_not_found");
    expect(await stateOf(runs, id)).toBeUndefined();
    await begin(runs, id, ["printf", "%s", decode(encode("now"))]);
    expect(await readText(runs, id)).toBe("now");
  });

  test("An id that is none is refused before anything runs", async () => {
    const runs = open();
    for (const id of ["", "1", ".a", "../x", "a/b", "a b", "x".repeat(101), "a\n", "-a"]) {
      await expectRefusal(begin(runs, id, ["true"]), "invalid_input");
      await expectCode(runs.ended(id), "invalid_input");
      await expectCode(runs.read(id, 0)[Symbol.asyncIterator]().next(), "invalid_input");
      await expectCode(runs.end(id), "invalid_input");
      await expectCode(runs.remove(id), "invalid_input");
    }
  });
}
