import { Command } from "commander";
import { expect, test } from "vitest";
import type { Context } from "../context.ts";
import { registerUpdate } from "./update.ts";

/** What is asked of the agent for these words, and what is hinted at then. */
async function asked(words: readonly string[], forNewPrograms: string[] = []) {
  const calls: unknown[] = [];
  const hints: string[] = [];
  const update = async (input: unknown) => {
    calls.push(input);
    return { workspace: { name: "demo", status: "running", runtime: "docker", ports: {} }, forNewPrograms };
  };
  const context: Partial<Context> = {
    print: () => undefined,
    printJson: () => undefined,
    hint: (text) => void hints.push(text),
    connect: async () => ({ client: { workspaces: { update } }, target: {} }) as never,
  };
  const program = new Command().exitOverride();
  registerUpdate(program, context as Context);
  const failure = await program
    .parseAsync(["update", "demo", ...words], { from: "user" })
    .then(() => undefined)
    .catch((error: unknown) => (error as { code: string }).code);
  return { call: calls[0], hints, failure };
}

test.each([
  [["--memory", "4g", "--cpus", "1.5"], { limits: { cpus: 1.5, memoryBytes: 4 * 2 ** 30 } }],
  [["--no-memory", "--processes", "100"], { limits: { memoryBytes: null, processes: 100 } }],
  [["--ttl", "8h", "--no-idle"], { ttlSeconds: 28_800, idleSeconds: null }],
  [["--no-ttl", "--no-auto-cleanup"], { ttlSeconds: null, autoCleanup: false }],
  [["--credentials", "work,pi"], { credentials: ["work", "pi"] }],
  [["--env", "CI=true", "--unset", "DEBUG", "--unset", "TRACE"], { env: { CI: "true", DEBUG: null, TRACE: null } }],
])("'ws update demo %j' changes that and nothing else", async (words, change) => {
  expect((await asked(words)).call).toEqual({ name: "demo", ...change });
});

test("Without anything to change it is refused before the agent is asked", async () => {
  expect(await asked([])).toEqual({ call: undefined, hints: [], failure: "usage" });
});

test("What running programs keep is said", async () => {
  const { hints } = await asked(["--env", "A=1"], ["env", "credentials"]);
  expect(hints).toEqual([
    "Programs that run keep the variables and credentials they had. For all of them: ws restart demo",
  ]);
});
