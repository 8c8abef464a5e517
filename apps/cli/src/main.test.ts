import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { text } from "node:stream/consumers";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { EXIT } from "./errors.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

test("a reader that goes away, as in '| head', ends it without a word", async () => {
  const child = spawn(process.execPath, ["--conditions=source", main, "--help"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  expect({ said, code }).toEqual({ said: "", code: EXIT.unread });
});

test.each([
  [["--help"], /^ws: .* could not be written: .*\. \(output_failed\)\n {4}\S.*\n$/],
  [["list", "--help", "--json"], /^\{"error":\{"code":"output_failed",.*\}\}\n$/],
])("where what %j prints cannot be written, as on a full disk, it says so in a sentence", async (argv, sentence) => {
  // One that takes nothing, on every system.
  const closed = openSync(main, "r");
  const child = spawn(process.execPath, ["--conditions=source", main, ...argv], { stdio: ["ignore", closed, "pipe"] });
  closeSync(closed);
  let said = "";
  child.stderr?.on("data", (bytes: Buffer) => (said += bytes.toString()));
  expect(await once(child, "close")).toEqual([EXIT.failed, null]);
  expect(said).toMatch(sentence);
});

test("what an agent prints into a pipe, as into a journal, has no link that lets in", async () => {
  const directory = mkdtempSync(join(tmpdir(), "ws-cli-"));
  const child = spawn(process.execPath, ["--conditions=source", main, "agent", "run"], {
    env: { ...process.env, WS_CONFIG_DIR: join(directory, "config"), WS_PORT: "0", WS_RUNTIME: "local" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    let said = "";
    for await (const part of child.stdout) {
      said += String(part);
      if (said.includes("Another device:")) child.kill("SIGTERM");
    }
    expect(said).toMatch(/Agent running at .*\n[^]*Dashboard: .* open\n/);
    expect(said).not.toContain("#code=");
  } finally {
    child.kill("SIGKILL");
    rmSync(directory, { recursive: true });
  }
});

test("Ctrl-C while the agent starts says what was stopped, and leaves neither a socket nor a lock behind", async () => {
  const directory = mkdtempSync(join(tmpdir(), "ws-cli-"));
  // An engine that takes the question and never answers it.
  const engine = createServer(() => undefined).listen(join(directory, "engine.sock"));
  await once(engine, "listening");
  const asked = once(engine, "connection");
  const child = spawn(process.execPath, ["--conditions=source", main, "agent", "run"], {
    env: {
      ...process.env,
      WS_CONFIG_DIR: join(directory, "config"),
      WS_PORT: "0",
      DOCKER_HOST: `unix://${join(directory, "engine.sock")}`,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = text(child.stderr);
  try {
    await asked;
    child.kill("SIGINT");
    expect(await once(child, "close")).toEqual([EXIT.interrupted, null]);
    expect(await said).toContain(
      "ws: The agent was stopped while it was starting; it did not come up. (interrupted)\n    Nothing is half-made:",
    );
    const left = readdirSync(join(directory, "config"));
    expect(left).toContain("state.db");
    expect(left.filter((name) => /agent\.(?:sock|pid)|-wal$|-shm$|-journal$/.test(name))).toEqual([]);
  } finally {
    child.kill("SIGKILL");
    engine.close();
    rmSync(directory, { recursive: true });
  }
});
