import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { expect, test } from "vitest";
import { registerCommands } from "../commands/index.ts";
import { createContext } from "../context.ts";
import { createProgram } from "../run.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { manPage } from "./page.ts";
import { rowsBelow } from "./rows.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const tables = { exitCodes: rowsBelow(readme, "Exit codes"), environment: rowsBelow(readme, "Environment") };

/** What a reader has before them; whatever the formatter complains of fails. */
function rendered(page: string): string {
  const { stdout, stderr, status } = spawnSync("groff", ["-man", "-Tascii", "-ww", "-P-cbou", "-rLL=200n"], {
    input: page,
    encoding: "utf8",
  });
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout;
}

function everything(): string {
  const io = createFakeIo();
  const program = createProgram(io);
  registerCommands(program, createContext(io));
  return manPage(program, { version: "1.2.3", ...tables });
}

test("the page tells of every command with its options and examples, and the formatter finds no fault in it", () => {
  const text = rendered(everything());
  expect(text).toMatch(/^WS\(1\) .* User Commands .* WS\(1\)/);
  expect(text).toContain("ws - Isolated workspaces on your own machines");
  expect(text).toContain("start [options] <name>");
  expect(text).toMatch(/--clone <url>\n +what to clone: https:\/\/host\/owner\/repo/);
  expect(text).toContain("ws start build --memory 4g --cpus 2 --ttl 8h --env CI=true");
  expect(text).toContain("terminal rename [options] <name> <terminal> <to>");
  expect(text).toMatch(/\n +125\s+exec, shell -c and a followed task/);
  expect(text).toMatch(/WS_ON\s+the worker behind it/);
  expect(text).not.toContain("__complete");
});

test("text that the formatter would obey is printed as it is", () => {
  const says = ".SH 'quoted' \\fBbold\\fR `x` ~/^a \"b\" -- c";
  const program = new Command("tool").description("Does it.");
  program.command("go").description(says).option("--plain <'x'>", says).addHelpText("after", `\n.so /etc/passwd\n'br`);
  const text = rendered(manPage(program, { version: "1", exitCodes: [], environment: [] }));
  expect(text.split(says)).toHaveLength(3);
  expect(text).toMatch(/\n +\.so \/etc\/passwd\n +'br\n/);
});

test("a heading that has no table below it is an error, not an empty part", () => {
  expect(() => rowsBelow("# a\n\n## Environment\n\nNothing.\n", "Environment")).toThrow("no table below 'Environment'");
  expect(rowsBelow("x\n## T\n\nWords.\n\n| a | b |\n| - | - |\n| `c \\| d` | e |\n\nMore | x |\n", "T")).toEqual([
    ["c | d", "e"],
  ]);
});
