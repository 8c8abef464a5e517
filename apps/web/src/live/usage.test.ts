import type { UsageEvent, WorkspaceUsage } from "@ws/rpc-contract";
import { createConnection } from "@ws/rpc-contract/connection";
import { manualTimers } from "@ws/rpc-contract/testing";
import { expect, test } from "vitest";
import { createLiveUsage } from "./usage.ts";

const reading = (id: string, cpuPercent: number): WorkspaceUsage => ({
  id,
  cpuPercent,
  at: "2026-11-02T10:00:00.000Z",
});

function setup() {
  const timers = manualTimers();
  let opened = 0;
  let send: (event: UsageEvent) => Promise<void> = () => Promise.resolve();
  let cut: () => Promise<void> = () => Promise.resolve();
  let signal: AbortSignal | undefined;
  const usage = createLiveUsage({
    connection: createConnection({ timers, random: () => 0.5 }),
    open(given) {
      opened += 1;
      signal = given;
      const { readable, writable } = new TransformStream<UsageEvent, UsageEvent>();
      const writer = writable.getWriter();
      send = (event) => writer.write(event);
      cut = () => writer.abort(new TypeError("network error"));
      return Promise.resolve(readable);
    },
  });
  const next = () =>
    new Promise<void>((resolve) => {
      const leave = usage.subscribe(() => {
        leave();
        resolve();
      });
    });
  return {
    usage,
    timers,
    opened: () => opened,
    signal: () => signal,
    cut: () => cut(),
    async tell(...usages: WorkspaceUsage[]) {
      const told = next();
      void send({ usages });
      await told;
    },
  };
}

test("Each row is told of its own workspace: of its readings, of its end, and of no other", async () => {
  const { usage, tell } = setup();
  const told: string[] = [];
  usage.watch("ws-1", () => told.push(`1:${usage.of("ws-1")?.cpuPercent}`));
  usage.watch("ws-2", () => told.push(`2:${usage.of("ws-2")?.cpuPercent}`));
  usage.start();
  await Promise.resolve();
  await tell(reading("ws-1", 5));
  await tell(reading("ws-1", 6), reading("ws-2", 7));
  await tell(reading("ws-2", 8));
  await tell(reading("ws-2", 9));
  expect(told).toEqual(["1:5", "1:6", "2:7", "1:undefined", "2:8", "2:9"]);
  expect(usage.all()).toEqual([reading("ws-2", 9)]);
  usage.stop();
});

test("A row that is gone is told nothing more, also where another one watches the same workspace", async () => {
  const { usage, tell } = setup();
  const told: string[] = [];
  const leave = usage.watch("ws-1", () => told.push("first"));
  usage.watch("ws-1", () => told.push("second"));
  usage.start();
  await Promise.resolve();
  leave();
  await tell(reading("ws-1", 1));
  expect(told).toEqual(["second"]);
  usage.stop();
});

test("After a loss the last readings stay, and the stream is opened again; stopped, it is closed and can be started again", async () => {
  const { usage, timers, opened, signal, cut, tell } = setup();
  usage.start();
  await Promise.resolve();
  await tell(reading("ws-1", 5));
  await cut();
  expect(usage.of("ws-1")).toEqual(reading("ws-1", 5));
  await expect.poll(() => (timers.advance(2_000), opened())).toBe(2);
  await tell(reading("ws-1", 6));
  usage.stop();
  expect(signal()?.aborted).toBe(true);
  usage.start();
  await expect.poll(opened).toBe(3);
  expect(usage.of("ws-1")?.cpuPercent).toBe(6);
  usage.stop();
});
