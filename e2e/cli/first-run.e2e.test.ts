import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { createDevice } from "../support/device.ts";
import { onScreen, type Screen } from "../support/screen.ts";

const launcher = fileURLToPath(new URL("../../ws", import.meta.url));

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "ws-first-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

function startAgent(directory: string): Screen {
  const env = { ...process.env, WS_CONFIG_DIR: directory, WS_RUNTIME: "local", WS_PORT: "0" };
  const agent = onScreen(`${launcher} --agent`, { env });
  onTestFinished(agent.close);
  return agent;
}

test("one command makes a machine a worker, and one on another device asks for it, pairs and goes on", async () => {
  const directory = await newDirectory();
  const first = startAgent(directory);
  await first.shows(/Creating default config at \S+config\.json\r\n/);
  await first.shows(/Starting agent on a free port\.\.\.\r\n/);
  const [, port = ""] = await first.shows(/Agent running at http:\/\/127\.0\.0\.1:(\d+)\r\n/);
  await first.shows(/Another device: {2}.*ws pair\r\n/);

  const beside = onScreen(`${launcher} pair`, { env: { ...process.env, WS_CONFIG_DIR: directory } });
  onTestFinished(beside.close);
  const [, code = ""] = await beside.shows(/Code {8}(\S{4}-\S{4}) /);

  await using laptop = await createDevice();
  const listing = onScreen(`${launcher} list`, { env: laptop.env });
  await listing.shows(/\? No worker configured\. Enter worker hostname: /);
  listing.press(`127.0.0.1:${port}\r`);
  await listing.shows(/Connecting to 127\.0\.0\.1:\d+\.\.\. OK\r\n/);
  await listing.shows(/Code that 'ws pair' shows on the worker: /);
  listing.press(`${code}\r`);
  await listing.shows(/Saved to \S+client\.json\r\n/);
  await listing.shows(/No workspaces\./);
  expect(await listing.ended).toBe(0);
  await beside.shows(/ {2}paired {2}linux/);
  expect(await beside.ended).toBe(0);

  first.press("\u0003");
  expect(await first.ended).toBe(0);
  const second = startAgent(directory);
  const [before] = await second.shows(/^[^]*Another device/);
  expect(before).not.toMatch(/Creating|Building|Starting/);
  second.press("\u0003");
  expect(await second.ended).toBe(0);
});

test("'ws' on a device that knows no worker asks for one on a terminal; in a pipe a command says what to run", async () => {
  await using laptop = await createDevice();
  const alone = onScreen(launcher, { env: laptop.env });
  await alone.shows(/\? Enter worker hostname: /);
  alone.press("\u0003");
  expect(await alone.ended).toBe(130);
  expect(await laptop.ws("start", "alpha")).toEqual({
    code: 5,
    stdout: "",
    stderr: expect.stringMatching(/\(no_worker\)\n {4}.*config set worker HOST, then \S*ws pair CODE/) as string,
  });
});
