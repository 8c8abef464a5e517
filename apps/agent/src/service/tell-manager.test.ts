import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, onTestFinished, test } from "vitest";
import { createSystemClock } from "../system/clock.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { tellManager, type TellManagerOptions } from "./tell-manager.ts";

const address = "http://127.0.0.1:7391";
const ready = ["READY=1", `STATUS=Answers at ${address}`];
const watched = { NOTIFY_SOCKET: "/somewhere", WATCHDOG_USEC: "30000000" };

function tell(options: Partial<TellManagerOptions> = {}) {
  const clock = createManualClock();
  const told: (readonly string[])[] = [];
  const log = createSilentLog();
  const closing = new AbortController();
  onTestFinished(() => closing.abort());
  tellManager({
    env: watched,
    pid: 7,
    isWell: async () => true,
    address,
    clock,
    log,
    signal: closing.signal,
    notify: async (words) => void told.push(words),
    ...options,
  });
  const passes = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await clock.idle();
  };
  return { clock, told, passes };
}

test("systemd is told that the agent is ready, and then three times as often as it wants to hear that it is well", async () => {
  const { clock, told, passes } = tell();
  await clock.idle();
  expect(told).toEqual([ready]);
  await passes(9_999);
  expect(told).toHaveLength(1);
  await passes(1);
  await passes(10_000);
  expect(told).toEqual([ready, ["WATCHDOG=1"], ["WATCHDOG=1"]]);
});

test("an agent that does not answer itself is not said to be ready, nor later to be well, until it is", async () => {
  let isWell = false;
  const { clock, told, passes } = tell({ isWell: async () => isWell });
  await clock.idle();
  expect(told).toEqual([]);
  isWell = true;
  await passes(1_000);
  expect(told).toEqual([ready]);
  isWell = false;
  await passes(10_000);
  await passes(10_000);
  expect(told).toEqual([ready]);
  isWell = true;
  await passes(10_000);
  expect(told).toEqual([ready, ["WATCHDOG=1"]]);
});

test("what cannot be told is tried again", async () => {
  const told: (readonly string[])[] = [];
  let fails = true;
  const { clock, passes } = tell({
    notify: async (words) => {
      if (fails) throw new Error("spawn systemd-notify ENOENT");
      told.push(words);
    },
  });
  await clock.idle();
  fails = false;
  await passes(1_000);
  expect(told).toEqual([ready]);
});

test.each([
  ["nobody waits for it", { NOTIFY_SOCKET: "" }, []],
  ["systemd does not watch", { NOTIFY_SOCKET: "/somewhere" }, [ready]],
  ["systemd watches another process, which started this one", { ...watched, WATCHDOG_PID: "8" }, [ready]],
])("where %s, it is not told that the agent is well", async (_, env, expected) => {
  const asked: true[] = [];
  const { told } = tell({ env, isWell: async () => asked.push(true) });
  // As many turns as it takes to tell, where it tells.
  await expect.poll(() => told).toEqual(expected);
  expect(asked).toHaveLength(expected.length);
});

test("it arrives as systemd takes it, at a real socket for datagrams", async () => {
  using directory = tempDir();
  const path = join(directory.path, "notify");
  const receive = `import socket, sys
heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
heard.bind(sys.argv[1])
print("bound", flush=True)
while True: print(repr(heard.recv(4096).decode()), flush=True)`;
  const receiver = spawn("python3", ["-c", receive, path], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void receiver.kill());
  const lines: string[] = [];
  const heard = createInterface({ input: receiver.stdout }).on("line", (line) => lines.push(line));
  await once(heard, "line");
  const env = { PATH: process.env["PATH"], NOTIFY_SOCKET: path, WATCHDOG_USEC: "300000" };
  const closing = new AbortController();
  onTestFinished(() => closing.abort());
  const clock = createSystemClock();
  const { signal } = closing;
  tellManager({ env, pid: 7, isWell: async () => true, address, clock, log: createSilentLog(), signal });
  await expect.poll(() => lines.filter((line) => line === "'WATCHDOG=1'").length).toBeGreaterThan(1);
  expect(lines).toContain(`'READY=1\\nSTATUS=Answers at ${address}'`);
});
