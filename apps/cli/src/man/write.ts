// A step of the build: the manual page, from the commands and from the tables of the README.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { registerCommands } from "../commands/index.ts";
import { createContext } from "../context.ts";
import { processIo } from "../io.ts";
import { createProgram } from "../run.ts";
import { VERSION } from "../version.ts";
import { manPage } from "./page.ts";
import { rowsBelow } from "./rows.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const io = processIo();
const program = createProgram(io);
registerCommands(program, createContext(io));
const page = manPage(program, {
  version: VERSION,
  exitCodes: rowsBelow(readme, "Exit codes"),
  environment: rowsBelow(readme, "Environment"),
});
const directory = new URL("../../dist/man/", import.meta.url);
mkdirSync(directory, { recursive: true });
writeFileSync(new URL("ws.1", directory), page);
