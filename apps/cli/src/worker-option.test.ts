import { Command } from "commander";
import { expect, test } from "vitest";
import { findTarget, prefixOf } from "./target.ts";
import { takeWorker } from "./worker-option.ts";

function createProgram(): Command {
  const program = new Command("ws").option("--on <worker>").option("-y, --yes");
  program.command("list").alias("ls").option("--json").option("-n, --limit [count]");
  const task = program.command("task").option("--follow");
  task.command("add").option("-p, --prompt <text>").option("-q, --quiet").option("--follow <id>");
  program.command("exec").argument("<words...>");
  return program;
}

test.each([
  [["list"], undefined, ["list"]],
  [["--on", "desk", "git", "demo", "status"], "desk", ["git", "demo", "status"]],
  [["exec", "demo", "--on=desk", "--", "ls", "--on", "x"], "desk", ["exec", "demo", "--", "ls", "--on", "x"]],
  [["exec", "demo", "--", "ls", "--on", "x"], undefined, ["exec", "demo", "--", "ls", "--on", "x"]],
  [["list", "--on"], undefined, ["list", "--on"]],
  [["list", "--on", "--json"], undefined, ["list", "--on", "--json"]],
  [["list", "--on", ""], "", ["list"]],
  [["task", "add", "--prompt", "--on", "desk"], undefined, ["task", "add", "--prompt", "--on", "desk"]],
  [["task", "add", "--prompt", "--on=x", "--on", "desk"], "desk", ["task", "add", "--prompt", "--on=x"]],
  [["task", "add", "--prompt=x", "--on", "desk"], "desk", ["task", "add", "--prompt=x"]],
  [["task", "add", "-yqp", "--on", "desk"], undefined, ["task", "add", "-yqp", "--on", "desk"]],
  [["task", "add", "-px", "--on", "desk"], "desk", ["task", "add", "-px"]],
  [["task", "--follow", "--on", "desk", "add"], "desk", ["task", "--follow", "add"]],
  [["task", "add", "--follow", "--on", "desk"], undefined, ["task", "add", "--follow", "--on", "desk"]],
  [["--on", "desk", "task", "add", "--prompt", "--on"], "desk", ["task", "add", "--prompt", "--on"]],
  [["ls", "-n", "--on", "desk"], "desk", ["ls", "-n"]],
  [["task", "add", "--prompt", "--", "--on", "desk"], "desk", ["task", "add", "--prompt", "--"]],
])("of %j the worker is %j", (words, on, argv) => {
  expect(takeWorker(words, createProgram())).toEqual({ ...(on === undefined ? {} : { on }), argv });
});

test("the command line goes before WS_ON, and an empty one means the agent itself", async () => {
  const env = { WS_CONFIG_DIR: "/nonexistent", WS_ON: "tower" };
  expect(prefixOf(await findTarget(env))).toBe("/on/tower");
  expect(prefixOf(await findTarget(env, "desk"))).toBe("/on/desk");
  expect(prefixOf(await findTarget(env, ""))).toBe("");
});

test.each(["..", ".", "a/b", "A", "-x", "a%2fb", "x".repeat(64)])(
  "'%s' is no worker's name, and leads nowhere else",
  async (name) => {
    await expect(findTarget({ WS_CONFIG_DIR: "/nonexistent" }, name)).rejects.toMatchObject({ code: "usage", exit: 2 });
  },
);
