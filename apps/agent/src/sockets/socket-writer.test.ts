import { expect, test } from "vitest";
import type { WebSocket } from "ws";
import { createSocketWriter } from "./socket-writer.ts";

test("what one who reads nothing has sent in many pieces is acknowledged in few frames, and all of it", () => {
  const sent: string[] = [];
  const left: (() => void)[] = [];
  const socket = {
    OPEN: 1,
    readyState: 1,
    send(frame: string, done: () => void) {
      sent.push(frame);
      left.push(done);
    },
  };
  const { acknowledge } = createSocketWriter(socket as unknown as WebSocket);
  for (let piece = 0; piece < 10_000; piece += 1) acknowledge(2);
  expect(sent).toEqual(['{"type":"ack","bytes":2}']);
  left.shift()?.();
  expect(sent.slice(1)).toEqual(['{"type":"ack","bytes":19998}']);
  left.shift()?.();
  acknowledge(1);
  expect(sent.slice(2)).toEqual(['{"type":"ack","bytes":1}']);
  socket.readyState = 3;
  acknowledge(1);
  left.shift()?.();
  expect(sent).toHaveLength(3);
});
