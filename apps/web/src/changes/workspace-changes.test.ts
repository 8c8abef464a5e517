import type { FileChange } from "@ws/rpc-contract";
import { createConnection } from "@ws/rpc-contract/connection";
import { manualTimers } from "@ws/rpc-contract/testing";
import { expect, test } from "vitest";
import { createWorkspaceChanges } from "./workspace-changes.ts";

/** A server whose streams a test feeds and cuts. */
function setup() {
  const streams: { send(change: FileChange): void; cut(): void; signal: AbortSignal }[] = [];
  const timers = manualTimers();
  const changes = createWorkspaceChanges({
    async open(signal) {
      const { readable, writable } = new TransformStream<FileChange, FileChange>(
        {},
        { highWaterMark: 10 },
        { highWaterMark: 10 },
      );
      const writer = writable.getWriter();
      streams.push({ send: (change) => void writer.write(change), cut: () => void writer.close(), signal });
      return readable;
    },
    connection: createConnection({ timers, random: () => 0.5 }),
  });
  changes.start();
  return { streams, timers, changes };
}

test("All parts of a page share one stream, which is open as long as one of them listens and the page is looked at", async () => {
  const { streams, changes } = setup();
  const heard: [string, FileChange][] = [];
  const first = changes.listen((change) => heard.push(["first", change]));
  const second = changes.listen((change) => heard.push(["second", change]));
  await expect.poll(() => streams.length).toBe(1);
  streams[0]?.send({ paths: ["a"] });
  await expect.poll(() => heard.length).toBe(2);
  first();
  streams[0]?.send({ git: true });
  await expect.poll(() => heard.length).toBe(3);
  expect(heard[2]).toEqual(["second", { git: true }]);
  changes.stop();
  expect(streams[0]?.signal.aborted).toBe(true);
  changes.start();
  await expect.poll(() => streams.length).toBe(2);
  second();
  expect(streams[1]?.signal.aborted).toBe(true);
  changes.start();
  expect(streams).toHaveLength(2);
});

test("A stream that breaks is opened again, and what comes first says that anything may have changed", async () => {
  const { streams, timers, changes } = setup();
  const heard: FileChange[] = [];
  const leave = changes.listen((change) => heard.push(change));
  await expect.poll(() => streams.length).toBe(1);
  streams[0]?.cut();
  await expect
    .poll(() => {
      timers.advance(1_000);
      return streams.length;
    })
    .toBe(2);
  streams[1]?.send({ resync: true });
  await expect.poll(() => heard).toEqual([{ resync: true }]);
  leave();
});

test("Why changes come late is told once, and no longer where they do not", async () => {
  const { streams, changes } = setup();
  let told = 0;
  changes.subscribe(() => (told += 1));
  const leave = changes.listen(() => undefined);
  await expect.poll(() => streams.length).toBe(1);
  streams[0]?.send({ resync: true, slow: "Too many directories." });
  streams[0]?.send({ resync: true, slow: "Too many directories." });
  streams[0]?.send({ paths: ["a"] });
  await expect.poll(() => changes.slow()).toBe("Too many directories.");
  streams[0]?.send({ resync: true });
  await expect.poll(() => changes.slow()).toBe(undefined);
  expect(told).toBe(2);
  leave();
});
