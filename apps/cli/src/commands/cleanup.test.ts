import { PassThrough } from "node:stream";
import { Command } from "commander";
import { expect, test } from "vitest";
import { createContext, type Context } from "../context.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { registerCleanup } from "./cleanup.ts";

const GONE = { kept: false };
const WORK = { kept: true, reason: "unpushed_work", holder: "1 commit that is not pushed" };
const LEASED = { kept: true, reason: "leased", holder: "a lease of ada", lease: "l-1" };
const FAILED = { kept: true, reason: "failed", holder: "The engine does not answer." };

test("a dry run without names tells of every workspace what keeps it, also of those that run", async () => {
  const list = [
    { id: "1", name: "busy", status: "running", operation: "finalize" },
    { id: "2", name: "clean", status: "running" },
    { id: "3", name: "mine", status: "stopped" },
    { id: "4", name: "over", status: "stopped", autoCleanup: true },
    { id: "5", name: "working", status: "running" },
  ];
  const workspaces = {
    list: async () => list,
    reap: async () => [{ id: "4", name: "over", ...GONE }],
    cleanup: async ({ name, dryRun }: { name: string; dryRun?: boolean }) =>
      dryRun === true ? { id: name, name, ...(name === "working" ? WORK : GONE) } : undefined,
  };
  const io = createFakeIo();
  const context: Context = {
    ...createContext(io),
    connect: async () => ({ client: { workspaces } }) as never,
  };
  const program = new Command();
  registerCleanup(program, context);
  await program.parseAsync(["cleanup", "--dry-run"], { from: "user" });
  expect(io.out().trimEnd().split("\n").slice(1)).toEqual([
    expect.stringMatching(/^over +removed +-$/) as string,
    expect.stringMatching(/^busy +kept +it is running$/) as string,
    expect.stringMatching(/^clean +kept +it is running$/) as string,
    expect.stringMatching(/^mine +kept +it was made without --auto-cleanup, so it waits for you$/) as string,
    expect.stringMatching(/^working +kept +it is running, and holds 1 commit that is not pushed$/) as string,
  ]);
});

/** What `ws cleanup` exits with where this becomes of the workspaces. */
async function exitWhere(outcomes: Readonly<Record<string, object>>, argv: readonly string[]): Promise<number> {
  const decided = (name: string) => ({ id: name, name, ...outcomes[name] });
  const workspaces = {
    cleanup: async ({ name }: { name: string }) => decided(name),
    reap: async () => Object.keys(outcomes).map(decided),
  };
  const context: Context = {
    ...createContext(createFakeIo()),
    connect: async () => ({ client: { workspaces } }) as never,
  };
  const program = new Command();
  registerCleanup(program, context);
  await program.parseAsync(["cleanup", ...argv], { from: "user" });
  return context.exitCode;
}

test.each([
  ["removed", { a: GONE }, ["a"], 0],
  ["kept for its work", { a: WORK }, ["a"], 4],
  ["kept for its lease, beside one that is gone", { a: GONE, b: LEASED }, ["a", "b"], 4],
  ["kept because that failed, beside one that holds work", { a: WORK, b: FAILED }, ["a", "b"], 1],
  ["only looked at", { a: WORK }, ["a", "--dry-run"], 0],
  ["left over and kept, which nobody named", { a: WORK }, [], 0],
])("what is %s is told by the exit code", async (_, outcomes, argv, exit) => {
  expect(await exitWhere(outcomes as Readonly<Record<string, object>>, argv)).toBe(exit);
});

test("what is left over is named at a terminal before it goes, and nothing is asked where nothing would", async () => {
  const reaped: unknown[] = [];
  const leftOver = [{ id: "1", name: "failed", kept: false }];
  const workspaces = { reap: async (how: unknown) => (reaped.push(how), [...leftOver]) };
  const io = createFakeIo();
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const context: Context = {
    ...createContext({ ...io, stdin }),
    connect: async () => ({ client: { workspaces } }) as never,
  };
  const program = new Command();
  registerCleanup(program, context);
  const run = () => program.parseAsync(["cleanup"], { from: "user" });
  stdin.write("n\n");
  await expect(run()).rejects.toMatchObject({ code: "cancelled" });
  expect(io.err()).toContain("This removes, with nothing lost in them: failed.");
  expect(reaped).toEqual([{ dryRun: true }]);
  leftOver.length = 0;
  await run();
  expect(reaped).toEqual([{ dryRun: true }, { dryRun: true }, {}]);
});
