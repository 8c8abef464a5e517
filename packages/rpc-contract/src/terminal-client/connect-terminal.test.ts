import { CLOSE } from "../frames.ts";
import { expect, test } from "vitest";
import { attached, attachedSetup, frames, setup, text } from "../testing/with-terminal.ts";
import { ACK_EVERY } from "./connect-terminal.ts";

test("The token is the first message, then the terminal is asked for with acknowledgements", () => {
  const token = crypto.randomUUID();
  const { sockets } = setup({ token: () => token });
  expect(sockets.last().sent).toEqual([]);
  sockets.last().accept();
  const input = { id: expect.stringMatching(/^[0-9a-f]{32}$/) as string, sent: 0 };
  expect(sockets.last().sent).toEqual([
    { type: "auth", token },
    { type: "attach", terminal: "main", create: true, cols: 80, rows: 24, ack: true, input },
  ]);
});

test("A painted screen replaces everything and the stream goes on at its offset", () => {
  const { sockets, screen, timers } = attachedSetup();
  sockets.last().bytes(text("old"));
  sockets.last().frame({ type: "screen", offset: 500, skipped: 497 });
  sockets.last().bytes(text("painted"));
  sockets.last().bytes(text(" and on"));
  expect(screen.content).toBe("painted and on");
  sockets.last().drop(1006);
  timers.advance(2000);
  sockets.last().accept();
  expect(frames(sockets.last(), "attach")).toMatchObject([{ since: 507, create: false }]);
});

test("After a loss it asks for exactly the bytes it has not received, and shows that it is reconnecting", () => {
  const { sockets, screen, states, timers } = attachedSetup();
  sockets.last().bytes(text("hello "));
  sockets.last().drop(1006);
  expect(states.at(-1)).toEqual({ kind: "reconnecting", unsent: 0 });
  timers.advance(2000);
  sockets.last().accept();
  expect(frames(sockets.last(), "attach")).toMatchObject([{ since: 6 }]);
  sockets.last().frame(attached(6));
  sockets.last().bytes(text("world"));
  expect(screen.content).toBe("hello world");
  expect(states.at(-1)).toEqual({ kind: "attached", name: "main", durable: true });
});

test("Whatever is cut wherever, no byte is lost and none is doubled", () => {
  let seed = 20_261_121;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  const log = Array.from({ length: 5_000 }, (_, index) => String.fromCharCode(33 + (index % 90))).join("");
  const { sockets, screen, timers, parseAll } = setup();
  let received = 0;
  let cuts = 0;
  while (received < log.length) {
    const socket = sockets.last();
    socket.accept();
    const attach = frames(socket, "attach")[0] as { since?: number };
    let at = attach.since ?? 0;
    socket.frame(attached(at));
    while (at < log.length) {
      const chunk = log.slice(at, at + 1 + random(200));
      if (random(4) === 0) {
        socket.drop(1006);
        // What the dead socket still delivers must not count.
        socket.bytes(text(chunk));
        cuts += 1;
        while (sockets.last() === socket) timers.advance(1_000);
        break;
      }
      socket.bytes(text(chunk));
      at += chunk.length;
      if (random(3) === 0) parseAll();
    }
    received = at;
  }
  expect(cuts).toBeGreaterThan(5);
  expect(screen.content).toBe(log);
});

test("Bytes are acknowledged by what the screen has parsed, not by what arrived", () => {
  const { sockets, parseAll } = attachedSetup();
  for (let sent = 0; sent < 3; sent += 1) sockets.last().bytes(new Uint8Array(ACK_EVERY));
  expect(frames(sockets.last(), "ack")).toEqual([]);
  parseAll();
  expect(frames(sockets.last(), "ack").at(-1)).toEqual({ type: "ack", offset: 3 * ACK_EVERY });
});

test("What an earlier socket delivered is not acknowledged on a later one", () => {
  const { sockets, timers, parseAll } = attachedSetup();
  sockets.last().bytes(new Uint8Array(2 * ACK_EVERY));
  sockets.last().drop(1006);
  timers.advance(2000);
  sockets.last().accept();
  parseAll();
  expect(frames(sockets.last(), "ack")).toEqual([]);
});

test("A silent link is given up within ten seconds and opened again", () => {
  const { sockets, states, timers } = attachedSetup();
  const first = sockets.last();
  timers.advance(4000);
  expect(frames(first, "ping")).toHaveLength(1);
  first.frame({ type: "pong" });
  timers.advance(9999);
  expect(states.at(-1)?.kind).toBe("reconnecting");
  expect(first.closedWith()).toBe(CLOSE.normal);
  expect(sockets.all.length).toBeGreaterThan(1);
});

test("Output alone proves the link alive", () => {
  const { sockets, states, timers } = attachedSetup();
  for (let second = 0; second < 60; second += 3) {
    sockets.last().bytes(text("."));
    timers.advance(3000);
  }
  expect(states.at(-1)?.kind).toBe("attached");
  expect(frames(sockets.last(), "ping")).toEqual([]);
});

test("It never gives up while nothing answers", () => {
  const { sockets, timers } = attachedSetup();
  sockets.last().drop(1006);
  for (let round = 0; round < 200; round += 1) {
    timers.advance(10_000);
    sockets.last().drop(1006);
  }
  expect(sockets.all.length).toBeGreaterThan(150);
});

test("An attempt that gets no answer is replaced", () => {
  const { sockets, timers } = setup();
  timers.advance(17_000);
  expect(sockets.all).toHaveLength(2);
  expect(sockets.all[0]?.closedWith()).toBe(CLOSE.normal);
});

test("A nudge ends the wait at once, and does nothing while a socket is open", () => {
  const { sockets, connection } = attachedSetup();
  connection.retryNow();
  expect(sockets.all).toHaveLength(1);
  sockets.last().drop(1006);
  connection.retryNow();
  expect(sockets.all).toHaveLength(2);
  connection.retryNow();
  expect(sockets.all).toHaveLength(2);
});

test("A client that knows where it was goes on there, and what it runs is said", () => {
  const { sockets, connection } = setup({ since: 100, command: ["cat"], create: false });
  sockets.last().accept();
  expect(sockets.last().sent).toMatchObject([{ type: "attach", since: 100, command: ["cat"], create: false }]);
  sockets.last().frame(attached(100));
  sockets.last().bytes(text("more"));
  expect(connection.offset()).toBe(104);
});

test("Another program under the same name starts on an empty screen", () => {
  const { sockets, screen, timers } = attachedSetup();
  sockets.last().bytes(text("of the first"));
  sockets.last().drop(1006);
  timers.advance(2000);
  sockets.last().accept();
  sockets.last().frame(attached(0));
  sockets.last().bytes(text("second"));
  expect(screen.content).toBe("second");
});

test("Bytes that the agent no longer has are reported", () => {
  const { sockets, skipped } = setup();
  sockets.last().accept();
  sockets.last().frame(attached(4096, 4096));
  sockets.last().frame({ type: "screen", offset: 5000, skipped: 904 });
  expect(skipped).toEqual([4096, 904]);
});
