import type { Command } from "commander";
import { expect, test } from "vitest";
import { registerCommands } from "../commands/index.ts";
import { createContext } from "../context.ts";
import { createProgram } from "../run.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { complete } from "./complete.ts";
import { kindOfArgument } from "./kinds.ts";

function programOf(): Command {
  const io = createFakeIo();
  const program = createProgram(io);
  registerCommands(program, createContext(io));
  return program;
}
const program = programOf();
const valuesAt = (...line: string[]): string[] => complete(program, line).candidates.map(({ value }) => value);
const kindAt = (...line: string[]): string => complete(program, line).kind;

test("commands are offered with what they do, those that nobody types are not", () => {
  const { candidates } = complete(program, [""]);
  expect(candidates).toContainEqual({ value: "list", about: "List the workspaces of the worker" });
  expect(candidates.filter(({ value }) => value.startsWith("_"))).toEqual([]);
  expect(valuesAt("terminal", "")).toEqual(
    expect.arrayContaining(["list", "rename", "share", "links", "unshare", "record", "close"]),
  );
});

test.each([
  [["shell", ""], "workspace"],
  [["--yes", "shell", ""], "workspace"],
  [["delete", "a", "b", ""], "workspace"],
  [["shell", "demo", ""], "none"],
  [["git", ""], "workspace"],
  [["git", "demo", "checkout", ""], "none"],
  [["terminal", "close", "demo", ""], "terminal"],
  [["shell", "demo", "-t", ""], "terminal"],
  [["task", "logs", ""], "task"],
  [["task", "add", "demo", "--after", ""], "task"],
  [["--on", ""], "worker"],
  [["worker", "remove", ""], "worker"],
  [["worker", "add", ""], "none"],
  [["config", "set", ""], "setting"],
  [["exec", "demo", "--", ""], "file"],
  [["file", "put", "demo", "to", ""], "file"],
  [["nonsense", ""], "none"],
])("%j: a %s stands there", (line, kind) => {
  expect(kindAt(...line)).toBe(kind);
});

test("whose terminals are meant is taken from the line", () => {
  expect(complete(program, ["terminal", "close", "demo", ""])).toMatchObject({ workspace: "demo" });
  expect(complete(program, ["shell", "demo", "--terminal=ma"])).toEqual({
    candidates: [],
    kind: "terminal",
    lead: "--terminal=",
    workspace: "demo",
  });
});

test("options are those of the command and of every command; values are those it allows", () => {
  expect(valuesAt("start", "demo", "--")).toEqual(expect.arrayContaining(["--clone", "--runtime", "--yes", "--on"]));
  expect(valuesAt("start", "demo", "--runtime", "")).toEqual(["docker", "local"]);
  expect(valuesAt("start", "demo", "--runtime=l")).toEqual(["--runtime=docker", "--runtime=local"]);
  expect(valuesAt("start", "demo", "--nothing=")).toEqual([]);
  expect(valuesAt("completion", "")).toEqual(["bash", "zsh", "fish"]);
});

test("'ws git NAME' leads to its verbs, whichever stands first", () => {
  expect(valuesAt("git", "demo", "")).toEqual(expect.arrayContaining(["status", "commit"]));
  expect(kindAt("git", "status", "")).toBe("workspace");
  expect(valuesAt("git", "demo", "status", "--untracked", "")).toEqual(["directories", "files", "none"]);
});

test("of every argument of every command it is known what it names", () => {
  const unknown: string[] = [];
  const look = (command: Command, path: readonly string[]): void => {
    for (const argument of command.registeredArguments) {
      const isAsked = argument.argChoices === undefined && kindOfArgument(path, argument.name()) === undefined;
      if (isAsked) unknown.push([...path, argument.name()].join(" "));
    }
    for (const verb of command.commands) look(verb, [...path, verb.name()]);
  };
  for (const command of program.commands.filter((each) => each.name() !== "__complete"))
    look(command, [command.name()]);
  expect(unknown).toEqual([]);
});
