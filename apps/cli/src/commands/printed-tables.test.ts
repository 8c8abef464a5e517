import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSampleClient } from "@ws/rpc-contract/testing";
import type { Command } from "commander";
import stringWidth from "string-width";
import { afterAll, expect, test } from "vitest";
import { createContext } from "../context.ts";
import { createProgram } from "../run.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { registerCommands } from "./index.ts";

/** Of two columns each, and of none. */
const TEXT = "修复登录\u0301ＡＢＣ".repeat(12);

const home = mkdtempSync(join(tmpdir(), "ws-tables-"));
afterAll(() => rmSync(home, { recursive: true }));
const client = createSampleClient({ text: TEXT, count: 2 });

/** These do more than ask and print: they serve, wait, or change this device. */
const NOT_RUN =
  /^(agent|backup|restore|completion|__complete|exec|shell|fetch|publish|forward|login|logs|mcp|open|pair|ssh-config|ssh-proxy|start|state export|file (get|put|edit|patch|write)|terminal share|task (add|logs|retry)|worker (use|rename|remove|discover)|credential set|config set|delete)( |$)/;

/** What prints a table only when more is said. */
const MORE = [
  ["cleanup", "--dry-run"],
  ["compare", "attempts-1"],
  ["doctor", "--bundle", "bundle.txt"],
  ["info", "demo"],
  ["list", "--usage"],
  ["list", "--all"],
  ["egress", "demo"],
  ["egress", "demo", "refusals"],
  ["usage"],
  ["usage", "budget"],
  ["policy", "get", "demo"],
  ["policy", "get", "--repository", "HOST/a"],
  ["git", "diff", "demo", "--stat"],
  ["mcp", "list"],
  ["credential", "status"],
];

/** Its table is of what answers on a tailnet, and of a patch that is read here. */
const ELSEWHERE = new Set(["patch.ts", "worker-discover.ts"]);

async function print(words: readonly string[], columns: number | undefined) {
  // It is written over no other.
  rmSync(join(home, "bundle.txt"), { force: true });
  const io = { ...createFakeIo({ WS_CONFIG_DIR: home, HOME: home }), cwd: home };
  if (columns !== undefined) Object.assign(io.stdout, { isTTY: true, columns });
  const context = createContext(io);
  context.connect = async () => ({ client, target: { kind: "socket", path: join(home, "agent.sock") } });
  const printed: { lines: string[]; from: string }[] = [];
  const { printTable } = context;
  context.printTable = (header, rows) => {
    const before = io.out().length;
    const stack = new Error("of whoever prints").stack ?? "";
    printTable(header, rows);
    const line = stack.split("\n").find((one) => one.includes("/commands/") && !one.includes("printed-tables"));
    printed.push({
      lines: io.out().slice(before).split("\n").slice(0, -1),
      from: /([\w-]+\.ts)\b/.exec(line ?? "")?.[1] ?? stack,
    });
  };
  const program = createProgram(io);
  registerCommands(program, context);
  // That a word is refused is another test's.
  await program.parseAsync([...words, "--yes"], { from: "user" }).catch(() => undefined);
  return printed;
}

/** Every verb that can be run so, each with a word for all that it needs. */
function lines(): string[][] {
  const io = createFakeIo();
  const program = createProgram(io);
  registerCommands(program, createContext(io));
  const found: string[][] = [];
  const look = (command: Command, path: readonly string[]): void => {
    const needed = command.registeredArguments.filter(({ required }) => required).map(() => "demo");
    if (command.commands.length === 0) found.push([...path, ...needed]);
    for (const verb of command.commands) look(verb, [...path, verb.name()]);
  };
  for (const command of program.commands) look(command, [command.name()]);
  return [...found.filter((words) => !NOT_RUN.test(words.join(" "))), ...MORE];
}

test.each([40, 80, 200, undefined])(
  "no command's table is wider than a terminal of %s columns, and a pipe's is whole",
  async (columns) => {
    const wide: string[] = [];
    const printing = new Set<string>();
    for (const words of lines()) {
      for (const { lines: printed, from } of await print(words, columns)) {
        printing.add(from);
        expect([words, printed.length]).not.toEqual([words, 0]);
        const cut = printed.filter((line) => line.includes("…"));
        const tooWide = printed.filter((line) => stringWidth(line) > (columns ?? Infinity));
        wide.push(...(columns === undefined ? cut : tooWide));
      }
    }
    expect(wide).toEqual([]);
    const directory = fileURLToPath(new URL(".", import.meta.url));
    const sources = globSync("**/*.ts", { cwd: directory }).filter((file) => !file.endsWith(".test.ts"));
    const printers = sources.filter((file) => readFileSync(`${directory}/${file}`, "utf8").includes("printTable("));
    // One that is new and prints nothing here belongs into a list above.
    expect([...printing].toSorted()).toEqual(
      [...new Set(printers.map((file) => basename(file)))].filter((file) => !ELSEWHERE.has(file)).toSorted(),
    );
  },
);
