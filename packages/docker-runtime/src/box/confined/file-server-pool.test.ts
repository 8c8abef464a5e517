import { WsError } from "@ws/workspace-core";
import { createManualClock } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";

import { FILE, startAnswered } from "../../testing/answered-files.ts";
import { createConfinedFiles } from "./confined-files.ts";

describe("the file servers of a Box", () => {
  test("are one for uses that come one after the other, and end when nobody has used them for a minute", async () => {
    const place = startAnswered(() => ["done", `${FILE}\0a\0`]);
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
    const place = startAnswered(([what]) => (what === "stat" ? ["done", `${FILE}\0a\0`] : undefined));
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
    const place = startAnswered(([what]) => (what === "stat" ? ["done", `${FILE}\0a\0`] : undefined));
    const cut = place.files.list("");
    await expect.poll(() => place.started[0]?.asked.length).toBe(1);
    place.started[0]?.finish();
    await expect(cut).rejects.toMatchObject({ code: "internal", next: expect.stringContaining("again") });
    expect(await place.files.stat("a")).toMatchObject({ size: 3 });
    expect(place.started).toHaveLength(2);
  });

  test("that do not answer are ended once nobody waits any more, and hold nobody up", async () => {
    const place = startAnswered(() => undefined);
    const abort = new AbortController();
    const waiting = place.files.stat("a", { signal: abort.signal });
    await expect.poll(() => place.started[0]?.asked.length).toBe(1);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    place.clock.advance(10_000);
    await expect.poll(() => place.started[0]?.isKilled()).toBe(true);
  });

  test("drop what they hold where the permit refuses, the source fails or nobody wants it any more", async () => {
    const place = startAnswered(([what]) =>
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

  test("keep no file open that its reader has left, or never had", async () => {
    const left: (string | undefined)[] = [];
    const abort = new AbortController();
    const place = startAnswered(([what, number]) => {
      if (what === "drop") left.push(number);
      if (what === "read" && left.length === 1) abort.abort();
      return what === "read" ? ["done", "7", `${FILE}\0a\0`, "abc"] : ["done", "7", "def"];
    });
    {
      await using read = await place.files.read("a");
      for await (const _piece of read.content) break;
    }
    await expect.poll(() => left).toEqual(["7"]);
    const late = place.files.read("a", { signal: abort.signal });
    await expect(late).rejects.toMatchObject({ code: "aborted" });
    await expect.poll(() => left).toEqual(["7", "7"]);
  });

  test("that end take a write with them whose source says nothing", async () => {
    const place = startAnswered(([what]) => (what === "write" ? ["done", "7", "a", ""] : undefined));
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

function closed(): WsError {
  return new WsError("box_closed", { message: "closed", data: { workspace: "ws-x" } });
}
