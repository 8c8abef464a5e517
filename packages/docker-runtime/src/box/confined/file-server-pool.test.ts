import { type Box, type BoxProcess, type Bytes, createByteQueue, type ExitStatus, WsError } from "@ws/workspace-core";
import { createManualClock } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";

import { createConfinedFiles } from "./confined-files.ts";
import { toFrame } from "./frames.ts";

const FILE = "file 420 3 1700000000123 1 1700000000.0000000.3.7";

describe("the file servers of a Box", () => {
  test("are one for uses that come one after the other, and end when nobody has used them for a minute", async () => {
    const place = createPlace(() => ["done", `${FILE}\0a\0`]);
    for (let round = 0; round < 3; round += 1)
      expect(await place.files.stat("a")).toMatchObject({ path: "a", size: 3 });
    expect(place.started).toHaveLength(1);
    place.clock.advance(59_000);
    await place.files.stat("a");
    place.clock.advance(59_000);
    expect(place.started[0]?.isEnded()).toBe(false);
    await place.files.stat("a");
    place.clock.advance(60_000);
    await expect.poll(() => place.started[0]?.isEnded()).toBe(true);
    await place.files.stat("a");
    expect(place.started).toHaveLength(2);
  });

  test("are three at the most, so that one use does not wait for a long one", async () => {
    const place = createPlace(([what]) => (what === "stat" ? ["done", `${FILE}\0a\0`] : undefined));
    const long = place.files.list("long");
    long.catch(() => undefined);
    expect(await place.files.stat("a")).toMatchObject({ size: 3 });
    const more = Array.from({ length: 5 }, () => place.files.list("long"));
    for (const each of more) each.catch(() => undefined);
    await expect.poll(() => place.started.length).toBe(3);
    for (const { fail } of place.started) fail(closed());
    for (const each of [long, ...more]) await expect(each).rejects.toMatchObject({ code: "box_closed" });
  });

  test("are started again where one was ended, and the use that it had says so", async () => {
    const place = createPlace(([what]) => (what === "stat" ? ["done", `${FILE}\0a\0`] : undefined));
    const cut = place.files.list("");
    await expect.poll(() => place.started[0]?.asked.length).toBe(1);
    place.started[0]?.finish();
    await expect(cut).rejects.toMatchObject({ code: "internal", next: expect.stringContaining("again") });
    expect(await place.files.stat("a")).toMatchObject({ size: 3 });
    expect(place.started).toHaveLength(2);
  });

  test("that do not answer are ended once nobody waits any more, and hold nobody up", async () => {
    const place = createPlace(() => undefined);
    const abort = new AbortController();
    const waiting = place.files.stat("a", { signal: abort.signal });
    await expect.poll(() => place.started[0]?.asked.length).toBe(1);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    place.clock.advance(10_000);
    await expect.poll(() => place.started[0]?.isKilled()).toBe(true);
  });

  test("that say something else are ended (a workspace that replaces Perl)", async () => {
    const lies: (string | Bytes)[][] = [
      ["done"],
      ["done", "x"],
      ["done", `${FILE}\0../../etc/passwd`],
      ["what"],
      ["fault", "engine_lost", "path", ""],
      ["fault", "__proto__", "path", ""],
      ["fault"],
      [],
    ];
    for (const lie of lies) {
      const place = createPlace(() => lie);
      await expect(place.files.stat("a")).rejects.toMatchObject({ code: "internal" });
    }
    const flood = createPlace(() => Buffer.alloc(8, 0xff));
    await expect(flood.files.stat("a")).rejects.toMatchObject({ code: "internal" });
    await expect.poll(() => flood.started[0]?.isKilled()).toBe(true);
    const entries = toFrame(["part", Buffer.alloc(4_000_000)]);
    const endless = createPlace(() => Buffer.concat(Array.from({ length: 17 }, () => entries)));
    await expect(endless.files.list("")).rejects.toMatchObject({ code: "internal" });
  });

  test("drop what they hold where the permit refuses, the source fails or nobody wants it any more", async () => {
    const place = createPlace(([what]) =>
      what === "write" ? ["done", "7", "a", ""] : what === "drop" ? ["done"] : undefined,
    );
    const refusal = new Error("refused");
    const permit = (): never => {
      throw refusal;
    };
    await expect(place.files.write("a", Buffer.from("x"), { permit })).rejects.toBe(refusal);
    const failing = (async function* (): AsyncGenerator<Uint8Array> {
      yield* [];
      throw refusal;
    })();
    await expect(place.files.write("a", failing)).rejects.toBe(refusal);
    await expect
      .poll(() =>
        place.started.flatMap(({ asked }) => asked.map(([what, number]) => (what === "drop" ? number : what))),
      )
      .toEqual(["write", "7", "write", "7"]);
  });

  test("that end take a write with them whose source says nothing", async () => {
    const place = createPlace(([what]) => (what === "write" ? ["done", "7", "a", ""] : undefined));
    const silent = (async function* (): AsyncGenerator<Uint8Array> {
      yield* [];
      await new Promise(() => undefined);
    })();
    const writing = place.files.write("a", silent);
    await expect.poll(() => place.started[0]?.asked.length).toBe(1);
    place.started[0]?.fail(closed());
    await expect(writing).rejects.toMatchObject({ code: "box_closed" });
  });

  test("cannot be where an image has no Perl, which is said as what is missing", async () => {
    const missing = new WsError("command_not_found", { message: "no perl", data: { command: "perl" } });
    const files = createConfinedFiles({ run: () => Promise.reject(missing), clock: createManualClock() })("/root");
    await expect(files.stat("")).rejects.toMatchObject({
      code: "box_feature_missing",
      data: { feature: "confined", missing: ["confined"] },
    });
  });
});

type Answer = readonly (string | Bytes)[] | Uint8Array | undefined;

interface Started {
  asked: string[][];
  isEnded(): boolean;
  isKilled(): boolean;
  finish(): void;
  fail(error: Error): void;
}

/** Confined files whose file servers are answered by the test; undefined answers nothing. */
function createPlace(answer: (fields: string[]) => Answer) {
  const clock = createManualClock();
  const started: Started[] = [];
  const run: Box["run"] = async (_argv, { stdin, signal } = {}) => {
    const stdout = createByteQueue();
    const exit = Promise.withResolvers<ExitStatus>();
    exit.promise.catch(() => undefined);
    let inputEnded = false;
    const one: Started = {
      asked: [],
      isEnded: () => inputEnded,
      isKilled: () => signal?.aborted === true,
      finish: () => stdout.end(),
      fail: (error) => stdout.fail(error),
    };
    started.push(one);
    const reading = (async () => {
      for await (const frame of stdin as AsyncIterable<Bytes>) {
        const fields = fieldsOf(Buffer.from(frame));
        one.asked.push(fields);
        const said = answer(fields);
        if (said !== undefined) stdout.push(said instanceof Uint8Array ? said : toFrame(said));
      }
      inputEnded = true;
    })();
    reading.catch(() => undefined);
    const process: BoxProcess = {
      stdout: stdout.source,
      stderr: createByteQueue().source,
      exit: exit.promise,
      signal: async () => undefined,
    };
    return process;
  };
  return { clock, started, files: createConfinedFiles({ run, clock })("/root") };
}

function fieldsOf(frame: Buffer): string[] {
  const fields: string[] = [];
  for (let at = 4; at < frame.length;) {
    const length = frame.readUInt32BE(at);
    fields.push(frame.toString("utf8", at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}

function closed(): WsError {
  return new WsError("box_closed", { message: "closed", data: { workspace: "ws-x" } });
}
