import { Command } from "commander";
import { expect, test } from "vitest";
import type { Context } from "../context.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { registerStart } from "./start.ts";

/** A failure of the agent's, as its client has it. */
function refusal(code: string): Error {
  return Object.assign(new Error(code), { defined: true, status: 409, code: "CONFLICT", data: { code } });
}

/** What is called where the workspace is not there when it is looked for, and its create is refused with this. */
async function callsWhere(created: string, started?: string): Promise<[string, unknown][]> {
  const calls: [string, unknown][] = [];
  const answer =
    (verb: string, failure?: string) =>
    async ({ idempotencyKey: _key, ...input }: Record<string, unknown>) => {
      calls.push([verb, input]);
      if (failure !== undefined) throw refusal(failure);
      return { name: "demo", status: "running", runtime: "docker", startup: { steps: [] }, ports: {} };
    };
  const workspaces = {
    get: () => Promise.reject(refusal("workspace_not_found")),
    events: async () => (async function* () {})(),
    create: answer("create", created),
    start: answer("start", started),
  };
  const context: Partial<Context> = {
    io: createFakeIo(),
    print: () => undefined,
    printJson: () => undefined,
    hint: () => undefined,
    isLive: () => false,
    connect: async () => ({ client: { workspaces }, target: {} }) as never,
  };
  const program = new Command();
  registerStart(program, context as Context);
  const words = ["start", "demo", "--clone", "https://git.test/acme/app", "--json"];
  await program.parseAsync(words, { from: "user" }).catch((error: unknown) => {
    calls.push(["fails", (error as { data: { code: string } }).data.code]);
  });
  return calls;
}

const ASKED = { name: "demo", clone: "https://git.test/acme/app" };

test("whoever loses the race for a name goes on with the workspace that won it, as it was asked for", async () => {
  expect(await callsWhere("name_taken")).toEqual([
    ["create", ASKED],
    ["start", ASKED],
  ]);
});

test("where the winner's workspace is another one, or the create fails otherwise, that is said", async () => {
  expect((await callsWhere("name_taken", "repository_mismatch")).at(-1)).toEqual(["fails", "repository_mismatch"]);
  expect(await callsWhere("disk_full")).toEqual([
    ["create", ASKED],
    ["fails", "disk_full"],
  ]);
});
