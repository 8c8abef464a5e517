import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { createAckWindow } from "./ack-window.ts";

const now = (): number => 0;

test("However often it waits, it listens once for the client's going away", async () => {
  const gone = new AbortController();
  const window = createAckWindow(10, now, gone.signal);
  for (let offset = 10; offset <= 1_000; offset += 10) {
    window.sent(offset);
    const room = window.room();
    window.ack(offset);
    await room;
  }
  expect(getEventListeners(gone.signal, "abort").length).toBeLessThanOrEqual(1);
});

test("A client that goes away, or is gone already, is not waited for", async () => {
  const gone = new AbortController();
  const window = createAckWindow(10, now, gone.signal);
  window.sent(10);
  const room = window.room();
  gone.abort();
  expect(await room).toBe(0);
  expect(await window.room()).toBe(0);
});
