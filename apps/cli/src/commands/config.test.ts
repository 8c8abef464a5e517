import { Readable } from "node:stream";
import { Command } from "commander";
import { expect, test } from "vitest";
import type { Context } from "../context.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { registerConfig } from "./config.ts";

/** What is said of a setting that was changed with these words, on this worker. */
async function said(on: string | undefined, ...words: string[]): Promise<string[]> {
  return (await changed(on, "", ...words)).hints;
}

async function changed(on: string | undefined, input: string, ...words: string[]) {
  const hints: string[] = [];
  const asked: unknown[] = [];
  const note = async (change: unknown): Promise<object> => {
    asked.push(change);
    return {};
  };
  const settings = { list: async () => [{ key: "tasks.perWorkspace" }], set: note, unset: note };
  const context: Partial<Context> = {
    io: { ...createFakeIo(), stdin: Readable.from([Buffer.from(input)]), cwd: "/here" },
    on,
    json: false,
    hint: (text) => void hints.push(text),
    connect: async () => ({ client: { config: { settings } }, target: { kind: "socket" } }) as never,
  };
  const program = new Command();
  registerConfig(program, context as Context);
  await program.parseAsync(["config", ...words], { from: "user" });
  return { hints, asked };
}

test("What was changed says whose it is: the worker's own, or of which one behind it", async () => {
  expect(await said(undefined, "set", "tasks.perWorkspace", "5")).toEqual([
    "tasks.perWorkspace is set (the config.json of the worker).",
  ]);
  expect(await said("desk", "set", "tasks.perWorkspace", "5")).toEqual([
    "tasks.perWorkspace is set (the config.json of the worker 'desk').",
  ]);
  expect((await said("desk", "unset", "tasks.perWorkspace"))[0]).toContain("of the worker 'desk'");
  expect(await said("desk", "set", "env.X", "1")).toContain(
    "env.X is set (in secrets.json of the worker 'desk'; programs that begin from now on have it).",
  );
});

test("a variable's value that is not written is read from standard input; one that is is said to be in the history", async () => {
  const piped = await changed(undefined, "a value\n", "set", "env.X");
  expect(piped.asked).toEqual([{ key: "env.X", value: "a value" }]);
  expect(piped.hints.join()).not.toContain("history");
  expect((await said(undefined, "set", "env.X", "1")).join()).toContain("in your shell's history now");
  await expect(said(undefined, "set", "tasks.perWorkspace")).rejects.toMatchObject({ code: "usage" });
});

test("a file's source is a path of the worker's, and its destination all that stands behind the first dot", async () => {
  const { asked } = await changed(undefined, "", "set", "files.~/.config/a.b", "a.b");
  expect(asked).toEqual([{ key: "files.~/.config/a.b", value: "/here/a.b" }]);
  expect((await changed(undefined, "", "set", "files.~/.npmrc", "~/.npmrc")).asked).toEqual([
    { key: "files.~/.npmrc", value: "~/.npmrc" },
  ]);
  expect((await changed(undefined, "", "unset", "files.~/.npmrc")).asked).toEqual([{ key: "files.~/.npmrc" }]);
});
