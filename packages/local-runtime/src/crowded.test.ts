import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

test("a place runs on, and is taken for nothing else, while the agent can open no more files", async () => {
  const directory = mkdtempSync(join(tmpdir(), "ws-local-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = fileURLToPath(new URL("./testing/crowded-agent.ts", import.meta.url));
  const orders = JSON.stringify({ instance: crypto.randomUUID(), directory });
  const { stdout } = await promisify(execFile)("sh", [
    "-c",
    'ulimit -n 200; exec "$@"',
    "sh",
    process.execPath,
    "--conditions=source",
    file,
    orders,
  ]);
  expect(JSON.parse(stdout)).toEqual([expect.stringContaining("EMFILE"), expect.stringContaining("EMFILE"), "running"]);
});
