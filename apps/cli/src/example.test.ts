import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAgent } from "@ws/agent";
import { expect, test } from "vitest";
import { run } from "./run.ts";
import { createFakeIo } from "./testing/fake-io.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const session = /```console\n(.*?)```/s.exec(readme)?.[1] ?? "";

test("the session in the README runs and prints what it says", async () => {
  const configDirectory = mkdtempSync(join(tmpdir(), "ws-cli-"));
  const env = { WS_RUNTIME: "local", WS_LOCAL_SANDBOX: "none" };
  const agent = await startAgent({ configDirectory, env, port: 0, write: () => {}, writeLog: () => {} });
  try {
    for (const [, words = "", printed] of session.matchAll(/^\$ ws (.*)\n((?:[^$].*\n)*)/gm)) {
      const io = createFakeIo({ WS_CONFIG_DIR: configDirectory });
      const argv = (words.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ""));
      const code = await run(argv, io);
      expect({ words, code, printed: io.out().replace(/\d+ s ago/, "now") }).toEqual({ words, code: 0, printed });
    }
  } finally {
    await agent.close();
    rmSync(configDirectory, { recursive: true });
  }
});

test("the README lists each command and no other", async () => {
  const io = createFakeIo();
  await run(["--help"], io);
  const [help = ""] = io.out().split("Examples:");
  const verbs = [...help.matchAll(/^ {2}([a-z][a-z-]*)(?:\|[a-z]+)? /gm)].map(([, verb]) => verb);
  const table = /\| command [\s\S]*?\n\n/.exec(readme)?.[0] ?? "";
  const cells = [...table.matchAll(/^\| (`.*?`) +\|/gm)].map(([, cell = ""]) => cell);
  const listed = cells.flatMap((cell) => [...cell.matchAll(/`([a-z][a-z-]*)/g)].map(([, verb]) => verb));
  expect(new Set(listed)).toEqual(new Set(verbs.filter((verb) => verb !== "help")));
});
