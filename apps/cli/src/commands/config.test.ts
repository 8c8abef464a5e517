import { Command } from "commander";
import { expect, test } from "vitest";
import type { Context } from "../context.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { registerConfig } from "./config.ts";

/** What is said of a setting that was changed with these words, on this worker. */
async function said(on: string | undefined, ...words: string[]): Promise<string[]> {
  const hints: string[] = [];
  const settings = {
    list: async () => [{ key: "tasks.perWorkspace" }],
    set: async () => ({}),
    unset: async () => ({}),
  };
  const credentials = { get: async () => ({ env: {}, files: {} }), update: async () => ({}) };
  const context: Partial<Context> = {
    io: createFakeIo(),
    on,
    json: false,
    hint: (text) => void hints.push(text),
    connect: async () => ({ client: { config: { settings, credentials } } }) as never,
  };
  const program = new Command();
  registerConfig(program, context as Context);
  await program.parseAsync(["config", ...words], { from: "user" });
  return hints;
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
    "env.X is set (the credentials of the worker 'desk'; new processes see it).",
  );
});
