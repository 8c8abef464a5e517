import { type Bytes, type ConfinedFiles, WsError } from "@ws/workspace-core";
import { createManualClock } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";

import { FILE, startAnswered } from "../../testing/answered-files.ts";
import { createConfinedFiles } from "./confined-files.ts";
import { toFrame } from "./frames.ts";

const DIRECTORY = "directory 493 4096 1700000000123 2 1700000000.0000000.4096.8";

describe("a workspace that answers in its file server's place (it replaces Perl)", () => {
  test.each<[how: string, lie: (string | Bytes)[]]>([
    ["no entry", ["done"]],
    ["an entry without a path", ["done", "x"]],
    ["a path without its end", ["done", `${FILE}\0../../etc/passwd`]],
    ["what is no answer", ["what"]],
    ["a fault that is none of a file", ["fault", "engine_lost", "path", ""]],
    ["a fault that every object has", ["fault", "__proto__", "path", ""]],
    ["a fault without a name", ["fault"]],
    ["nothing", []],
    ["a path that leads out", ["done", `${FILE}\0../../etc/passwd\0`]],
    ["a path that leads out further on", ["done", `${FILE}\0a/../../b\0`]],
    ["an absolute path", ["done", `${FILE}\0/etc/passwd\0`]],
    ["a mode that makes another type of it", ["done", `${FILE.replace("420", "8612")}\0a\0`]],
  ])("by %s is told so", async (_how, lie) => {
    const { files } = startAnswered(() => lie);
    await expect(files.stat("a")).rejects.toMatchObject({ code: "internal" });
  });

  test("cannot have a line of its own in a message", async () => {
    const { files } = startAnswered(() => ["fault", "invalid_input", "path", `x\u001b[2J\n${"y".repeat(100_000)}`]);
    const error = (await files.stat("a").catch((each: unknown) => each)) as WsError;
    expect(error).toMatchObject({ code: "invalid_input" });
    expect(error.message).not.toMatch(/\p{Cc}/u);
    expect(error.message.length).toBeLessThan(400);
  });

  test.each(["../evil", "/etc/evil", "a/b", "..", ".", "", "a/../../b", "a\0b"])(
    "names no entry '%s', which who unpacks an archive of it would write elsewhere (tar-fs CVE-2025-59343)",
    async (name) => {
      const place = startAnswered(() =>
        Buffer.concat([toFrame(["part", entryOf(name)]), toFrame(["done", `${DIRECTORY}\0\0`])]),
      );
      await expect(place.files.list("")).rejects.toMatchObject({ code: "internal" });
    },
  );

  test.each([-1, 0.5, Number.NaN, Infinity])("has no entry of a size of %s", async (size) => {
    const lie = ["part", entryOf("a", { size })];
    const place = startAnswered(() => Buffer.concat([toFrame(lie), toFrame(["done", `${DIRECTORY}\0\0`])]));
    await expect(place.files.list("")).rejects.toMatchObject({ code: "internal" });
  });

  test("lists also a file whose time is beyond any calendar, as some file systems keep it", async () => {
    const entry = entryOf("a", { modifiedAt: 99_999_999_999_999_000 });
    const place = startAnswered(() => Buffer.concat([toFrame(["part", entry]), toFrame(["done", `${DIRECTORY}\0\0`])]));
    expect((await place.files.list("")).entries).toMatchObject([{ name: "a", modifiedAt: 99_999_999_999_999_000 }]);
  });

  test.each<[what: string, use: (files: ConfinedFiles) => Promise<unknown>, lie: string[]]>([
    ["written elsewhere", (files) => files.write("a", Buffer.from("x")), ["done", "1", `${FILE}\0../a\0`]],
    ["made elsewhere", (files) => files.mkdir("a"), ["done", "1", "../a"]],
    ["moved elsewhere", (files) => files.rename("a", "b"), ["done", "/etc/b"]],
    ["removed elsewhere", (files) => files.remove("a"), ["done", "1", "a/.."]],
    ["removed, without a path", (files) => files.remove("a"), ["done", "1"]],
  ])("is not believed that something was %s", async (_what, use, lie) => {
    await expect(use(startAnswered(() => lie).files)).rejects.toMatchObject({ code: "internal" });
  });

  test.each<[how: string, lie: () => Uint8Array]>([
    ["claims a frame without end", () => Buffer.alloc(8, 0xff)],
    ["goes on for ever", () => repeated(["part", Buffer.alloc(4_000_000)], 17)],
    ["says parts of nothing for ever", () => repeated(["part"], 1_100_000)],
    ["says empty entries for ever", () => repeated(["part", ...Array.from({ length: 1_000 }, () => "")], 1_100)],
    [
      "puts more fields in a frame than anybody has to say",
      () => toFrame(["part", ...Array.from({ length: 70_000 }, () => "")]),
    ],
  ])("is ended where it %s", async (_how, lie) => {
    const place = startAnswered(lie);
    await expect(place.files.list("")).rejects.toMatchObject({ code: "internal" });
    await expect.poll(() => place.started[0]?.isKilled()).toBe(true);
  });

  test("gives no more of a file than was asked for, whatever it says of its size", async () => {
    const place = startAnswered(([what]) =>
      what === "read" ? ["done", "7", `${FILE}\0a\0`, "abc"] : what === "more" ? ["done", "7", "def"] : ["done"],
    );
    await using read = await place.files.read("a", { length: 4 });
    await expect(Array.fromAsync(read.content)).rejects.toMatchObject({ code: "internal" });
  });

  test("is not asked for ever for more of a file that it says nothing of", async () => {
    const place = startAnswered(([what]) =>
      what === "read" ? ["done", "7", `${FILE}\0a\0`, "abc"] : what === "more" ? ["done", "7", ""] : ["done"],
    );
    await using read = await place.files.read("a");
    await expect(Array.fromAsync(read.content)).rejects.toMatchObject({ code: "internal" });
  });

  test("cannot call every file too large for its way", async () => {
    const { files } = startAnswered(() => ["done", "0"]);
    await expect(files.read("a")).rejects.toMatchObject({ code: "internal" });
  });

  test("does not choose which Perl it is where the system has one: a program in its home does not come first", async () => {
    const paths: unknown[] = [];
    const missing = new WsError("command_not_found", { message: "no perl", data: { command: "perl" } });
    const run = (_argv: unknown, options: { env?: Readonly<Record<string, string>> } = {}): Promise<never> => {
      paths.push(options.env?.["PATH"]);
      return Promise.reject(missing);
    };
    await createConfinedFiles({ run, clock: createManualClock() })("/root")
      .stat("")
      .catch(() => undefined);
    // Its own PATH counts where the system's directories have none.
    expect(paths).toEqual(["/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", undefined]);
  });
});

/** A file's entry in a directory. */
function entryOf(name: string, { size = 0, modifiedAt = 0 } = {}): Uint8Array {
  const numbers = Buffer.alloc(20);
  numbers.writeUInt32BE(0o100644, 0);
  numbers.writeDoubleBE(size, 4);
  numbers.writeDoubleBE(modifiedAt, 12);
  return Buffer.concat([numbers, Buffer.from(name)]);
}

function repeated(fields: readonly (string | Bytes)[], times: number): Uint8Array {
  const frame = toFrame(fields);
  return Buffer.alloc(frame.length * times, frame);
}
