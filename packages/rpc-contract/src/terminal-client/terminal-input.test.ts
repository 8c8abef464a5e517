import { EARLY_LIMIT } from "../frames.ts";
import { expect, test } from "vitest";
import { attached, attachedSetup, frames, setup, text } from "../testing/with-terminal.ts";
import { SEND_AT_MOST } from "./connect-terminal.ts";

test("A large paste is sent in pieces and in order", () => {
  const { sockets, connection } = attachedSetup();
  const paste = Uint8Array.from({ length: 3 * SEND_AT_MOST + 5 }, (_, index) => index % 251);
  connection.send(paste);
  const pieces = sockets.last().sent.filter((sent) => sent instanceof Uint8Array);
  expect(pieces.map((piece) => piece.byteLength)).toEqual([SEND_AT_MOST, SEND_AT_MOST, SEND_AT_MOST, 5]);
  expect(Uint8Array.from(pieces.flatMap((piece) => [...piece]))).toEqual(paste);
});

test("Input typed while offline is counted, not kept, and wakes the connection", () => {
  const { sockets, connection, states, timers } = attachedSetup();
  expect(connection.send(text("a"))).toBe(true);
  timers.advance(100);
  sockets.last().drop(1006);
  expect(connection.send(text("b"))).toBe(false);
  expect(states.at(-1)).toEqual({ kind: "reconnecting", unsent: 1 });
  expect(sockets.all).toHaveLength(2);
  sockets.last().accept();
  sockets.last().frame({ ...attached(0), input: { next: 1, taken: 1, known: true, lost: 0 } });
  expect(sockets.last().sent.filter((sent) => sent instanceof Uint8Array)).toEqual([]);
});

test("What is typed while the terminal is being opened is sent, as far as the agent takes it", () => {
  const { sockets, connection } = setup();
  expect(connection.send(text("too early"))).toBe(false);
  sockets.last().accept();
  expect(connection.send(text("ls\r"))).toBe(true);
  expect(sockets.last().sent.at(-1)).toEqual(text("ls\r"));
  expect(connection.send(new Uint8Array(EARLY_LIMIT))).toBe(false);
});

test("A size that changed while it was being opened is told as soon as it is", () => {
  let size = { cols: 80, rows: 24 };
  const { sockets } = setup({ size: () => size });
  size = { cols: 100, rows: 30 };
  sockets.last().accept();
  expect(frames(sockets.last(), "attach")).toMatchObject([size]);
  size = { cols: 60, rows: 20 };
  sockets.last().frame(attached(0));
  expect(frames(sockets.last(), "resize")).toEqual([{ type: "resize", ...size }]);
});

test("A size is told again where another viewer may have changed it since", () => {
  const { sockets, connection } = attachedSetup();
  sockets.last().frame({ type: "size", cols: 132, rows: 43 });
  connection.resize({ cols: 80, rows: 24 });
  expect(frames(sockets.last(), "resize")).toEqual([{ type: "resize", cols: 80, rows: 24 }]);
});

test("The size another viewer chose reaches the screen", () => {
  const { sockets, screen } = attachedSetup();
  sockets.last().frame({ type: "size", cols: 132, rows: 43 });
  expect(screen.sizes).toEqual([{ cols: 132, rows: 43 }]);
});
