import { spawn } from "node:child_process";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { manualTimers } from "@ws/rpc-contract/testing";
import { expect, onTestFinished, test } from "vitest";
import { createFakeIo } from "../testing/fake-io.ts";
import { isForeground, isInFront } from "./foreground.ts";
import { listenForNudges } from "./nudges.ts";

function setup({ isTTY = true, inFront = true } = {}) {
  const timers = manualTimers();
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const nudged: string[] = [];
  const state = { interfaces: { eth0: ["10.0.0.2"] }, inFront };
  let goOn = (): void => undefined;
  const stop = listenForNudges({
    io: {
      ...createFakeIo(),
      stdin,
      isForeground: () => state.inFront,
      onContinue(listener) {
        goOn = listener;
        return () => void (goOn = () => undefined);
      },
    },
    onNetwork: () => nudged.push("network"),
    onPerson: () => nudged.push("person"),
    timers,
    interfaces: () => state.interfaces,
  });
  return { timers, stdin, nudged, state, goOn: () => goOn(), stop };
}

test("Another address of this machine is noticed within two seconds, and only once", () => {
  const { timers, nudged, state, stop } = setup();
  timers.advance(10_000);
  expect(nudged).toEqual([]);
  state.interfaces = { eth0: ["10.0.0.3"] };
  timers.advance(2_000);
  expect(nudged).toEqual(["network"]);
  timers.advance(10_000);
  expect(nudged).toEqual(["network"]);
  stop();
  expect(timers.pending()).toBe(0);
});

test("Enter counts where the terminal's keys are for this process", async () => {
  const { stdin, nudged, stop } = setup();
  stdin.write("\n");
  await expect.poll(() => nudged).toEqual(["person"]);
  stop();
  expect(stdin.isPaused()).toBe(true);
});

test.each([{ isTTY: false }, { inFront: false }])("No input is read that may be for another: %o", async (given) => {
  const { stdin, nudged, stop } = setup(given);
  stdin.write("\n");
  expect(stdin.listenerCount("data")).toBe(0);
  expect(nudged).toEqual([]);
  stop();
});

test("A process that goes on counts, and its keys are looked at anew", () => {
  const { stdin, nudged, state, goOn, stop } = setup();
  state.inFront = false;
  goOn();
  expect(nudged).toEqual(["person"]);
  expect(stdin.listenerCount("data")).toBe(0);
  state.inFront = true;
  goOn();
  expect(stdin.listenerCount("data")).toBe(1);
  stop();
  goOn();
  expect(nudged).toEqual(["person", "person"]);
});

test("What a process is called does not make it the one in front", () => {
  expect(isInFront("12 (a) S 1 5) S 1 12 12 34816 12 4194304")).toBe(true);
  expect(isInFront("12 (ws) S 1 12 12 34816 99 4194304")).toBe(false);
  expect(isInFront("")).toBe(false);
});

test("A process without a terminal is not in front", async () => {
  const child = spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child, "spawn");
  expect(isForeground(child.pid)).toBe(false);
});
