import { CLOSE, EARLY_LIMIT } from "../frames.ts";
import { expect, test } from "vitest";
import { fakeSockets, type FakeSocket } from "../testing/fake-sockets.ts";
import { manualTimers } from "../testing/manual-timers.ts";
import {
  ACK_EVERY,
  connectTerminal,
  SEND_AT_MOST,
  type TerminalOptions,
  type TerminalState,
} from "./connect-terminal.ts";

const text = (value: string) => new TextEncoder().encode(value);
const attached = (offset: number, skipped = 0) =>
  ({ type: "attached", terminal: "main", offset, cols: 80, rows: 24, durable: true, skipped }) as const;

function setup(options: Partial<TerminalOptions> = {}) {
  const sockets = fakeSockets();
  const timers = manualTimers();
  const states: TerminalState[] = [];
  const skipped: number[] = [];
  const screen = { content: "", sizes: [] as { cols: number; rows: number }[], parse: [] as (() => void)[] };
  const decode = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);
  const connection = connectTerminal({
    open: sockets.open,
    token: () => undefined,
    terminal: "main",
    create: true,
    size: () => ({ cols: 80, rows: 24 }),
    sink: {
      write(bytes, parsed) {
        screen.content += decode(bytes);
        screen.parse.push(parsed);
      },
      repaint(bytes, parsed) {
        screen.content = decode(bytes);
        screen.parse.push(parsed);
      },
      reset: () => void (screen.content = ""),
      resized: (size) => void screen.sizes.push(size),
    },
    timers,
    random: () => 0.5,
    onState: (state) => void states.push(state),
    onSkipped: (bytes) => void skipped.push(bytes),
    ...options,
  });
  const parseAll = () => {
    for (const parsed of screen.parse.splice(0)) parsed();
  };
  return { sockets, timers, states, skipped, screen, connection, parseAll };
}

function attachedSetup(options: Partial<TerminalOptions> = {}) {
  const all = setup(options);
  all.sockets.last().accept();
  all.sockets.last().frame(attached(0));
  return all;
}

const frames = (socket: FakeSocket, type: string) =>
  socket.sent.filter((sent) => !(sent instanceof Uint8Array) && sent.type === type);

test("The token is the first message, then the terminal is asked for with acknowledgements", () => {
  const token = crypto.randomUUID();
  const { sockets } = setup({ token: () => token });
  expect(sockets.last().sent).toEqual([]);
  sockets.last().accept();
  expect(sockets.last().sent).toEqual([
    { type: "auth", token },
    { type: "attach", terminal: "main", create: true, cols: 80, rows: 24, ack: true },
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
  expect(states.at(-1)).toEqual({ kind: "attached", durable: true });
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
        timers.advance(20_000);
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

test("A large paste is sent in pieces and in order", () => {
  const { sockets, connection } = attachedSetup();
  const paste = Uint8Array.from({ length: 3 * SEND_AT_MOST + 5 }, (_, index) => index % 251);
  connection.send(paste);
  const pieces = sockets.last().sent.filter((sent) => sent instanceof Uint8Array);
  expect(pieces.map((piece) => piece.byteLength)).toEqual([SEND_AT_MOST, SEND_AT_MOST, SEND_AT_MOST, 5]);
  expect(Uint8Array.from(pieces.flatMap((piece) => [...piece]))).toEqual(paste);
});

test("Input typed while offline is counted, not kept, and wakes the connection", () => {
  const { sockets, connection, states } = attachedSetup();
  expect(connection.send(text("a"))).toBe(true);
  sockets.last().drop(1006);
  expect(connection.send(text("b"))).toBe(false);
  expect(states.at(-1)).toEqual({ kind: "reconnecting", unsent: 1 });
  expect(sockets.all).toHaveLength(2);
  sockets.last().accept();
  sockets.last().frame(attached(0));
  expect(sockets.last().sent.filter((sent) => sent instanceof Uint8Array)).toEqual([]);
});

test.each([
  [CLOSE.unauthorized, "unauthorized"],
  [CLOSE.forbidden, "forbidden"],
  [CLOSE.notFound, "not_found"],
  [CLOSE.notRunning, "not_running"],
  [CLOSE.protocol, "protocol"],
])("Close code %i stops the attempts and says why", (code, refusal) => {
  const { sockets, states, timers } = attachedSetup();
  sockets.last().drop(code);
  expect(states.at(-1)).toMatchObject({ kind: "refused", refusal });
  timers.advance(600_000);
  expect(sockets.all).toHaveLength(1);
});

test("What the server said before it refused is what a person reads", () => {
  const { sockets, states } = setup();
  sockets.last().accept();
  sockets.last().frame({ type: "error", code: "workspace_not_found", message: "No workspace 'x'.", next: "ws list" });
  sockets.last().drop(CLOSE.notFound);
  expect(states.at(-1)).toMatchObject({
    kind: "refused",
    problem: { code: "workspace_not_found", message: "No workspace 'x'.", next: "ws list" },
  });
});

test("An attempt that the agent could not serve says why, and the next follows", () => {
  const { sockets, states, timers } = setup();
  sockets.last().accept();
  sockets.last().frame({ type: "error", code: "engine_unreachable", message: "Docker does not answer." });
  sockets.last().drop(CLOSE.goingAway);
  expect(states).toMatchObject([{ kind: "connecting", problem: { code: "engine_unreachable" } }]);
  timers.advance(2000);
  expect(sockets.all).toHaveLength(2);
});

test("While it is away each attempt says why it did not succeed, and the keys that were not sent stay counted", () => {
  const { sockets, states, timers, connection } = attachedSetup();
  sockets.last().drop(1006);
  connection.send(text("a"));
  sockets.last().accept();
  sockets.last().frame({ type: "error", code: "engine_lost", message: "Docker went away." });
  sockets.last().drop(CLOSE.goingAway);
  expect(states.at(-1)).toMatchObject({ kind: "reconnecting", unsent: 1, problem: { code: "engine_lost" } });
  timers.advance(2000);
  expect(sockets.all).toHaveLength(3);
});

test("What failed for good, in the agent's own words, is not tried again", () => {
  const { sockets, states, timers } = attachedSetup();
  sockets.last().frame({ type: "error", code: "box_feature_missing", message: "It has no tmux." });
  sockets.last().drop(CLOSE.failed);
  const problem = { code: "box_feature_missing", message: "It has no tmux." };
  expect(states.at(-1)).toMatchObject({ kind: "refused", refusal: "failed", problem });
  timers.advance(60_000);
  expect(sockets.all).toHaveLength(1);
});

test("A screen that was promised and never came is asked for again", () => {
  const { sockets, screen, skipped, timers } = setup();
  sockets.last().accept();
  sockets.last().frame(attached(500));
  sockets.last().drop(1006);
  timers.advance(2000);
  sockets.last().accept();
  expect(frames(sockets.last(), "attach")).not.toMatchObject([{ since: 500 }]);
  sockets.last().frame(attached(600));
  sockets.last().frame({ type: "screen", offset: 600, skipped: 0 });
  sockets.last().bytes(text("painted"));
  expect({ content: screen.content, skipped }).toEqual({ content: "painted", skipped: [] });
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

test("A socket that can be ended at once is: a peer that is gone answers no farewell", () => {
  let ended = 0;
  const sockets = fakeSockets();
  const open = () => Object.assign(sockets.open(), { terminate: () => (ended += 1) });
  const { timers, connection } = setup({ open });
  sockets.last().accept();
  sockets.last().frame(attached(0));
  timers.advance(10_000);
  expect(ended).toBe(1);
  connection.close();
  expect(ended).toBe(2);
});

test("Once closed it takes nothing and says nothing", () => {
  const { sockets, connection, states } = attachedSetup();
  sockets.last().drop(1006);
  connection.close();
  const told = states.length;
  expect(connection.send(text("a"))).toBe(false);
  expect(states).toHaveLength(told);
});

test("A client that knows where it was goes on there, and what it runs is said", () => {
  const { sockets, connection } = setup({ since: 100, command: ["cat"], create: false });
  sockets.last().accept();
  expect(sockets.last().sent).toMatchObject([{ type: "attach", since: 100, command: ["cat"], create: false }]);
  sockets.last().frame(attached(100));
  sockets.last().bytes(text("more"));
  expect(connection.offset()).toBe(104);
});

test.each([CLOSE.goingAway, CLOSE.tooSlow, 1006, 1011])("Close code %i is a loss: it comes back", (code) => {
  const { sockets, timers } = attachedSetup();
  sockets.last().drop(code);
  timers.advance(2000);
  expect(sockets.all).toHaveLength(2);
});

test("The end of the program is the end of the connection, with its exit code and reason", () => {
  const { sockets, states, timers } = attachedSetup();
  sockets.last().frame({ type: "exit", code: 137, reason: "out_of_memory" });
  expect(states.at(-1)).toEqual({ kind: "ended", exitCode: 137, reason: "out_of_memory" });
  timers.advance(60_000);
  expect(sockets.all).toHaveLength(1);
  expect(timers.pending()).toBe(0);
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

test("The size another viewer chose reaches the screen", () => {
  const { sockets, screen } = attachedSetup();
  sockets.last().frame({ type: "size", cols: 132, rows: 43 });
  expect(screen.sizes).toEqual([{ cols: 132, rows: 43 }]);
});

test("Closing leaves neither socket nor timer", () => {
  const { sockets, timers, connection } = attachedSetup();
  connection.close();
  expect(sockets.last().closedWith()).toBe(CLOSE.normal);
  expect(timers.pending()).toBe(0);
  timers.advance(60_000);
  expect(sockets.all).toHaveLength(1);
});
