import { randomBytes } from "node:crypto";
import { CLOSE, UNACKED_LIMIT } from "@ws/rpc-contract/frames";
import { createByteQueue, WsError, type ByteChannel, type Bytes } from "@ws/workspace-core";
import { expect, onTestFinished, test } from "vitest";
import { startSocketServer, type TestClient } from "../testing/terminal-client.ts";
import { serveBytes } from "./serve-bytes.ts";

/** The other end of a channel, which a test plays. */
function createPeer() {
  const queue = createByteQueue();
  const written: Bytes[] = [];
  const state = { ended: false, destroyed: false, refuses: false };
  const room = { wait: Promise.resolve() };
  const channel: ByteChannel = {
    readable: queue.source,
    async write(bytes) {
      await room.wait;
      if (state.refuses) throw new WsError("connection_closed", { message: "The other side is gone.", data: {} });
      written.push(bytes);
    },
    async end() {
      state.ended = true;
    },
    destroy() {
      state.destroyed = true;
      queue.end();
    },
  };
  return { channel, queue, state, room, text: () => Buffer.concat(written).toString() };
}

async function start(open: (gone: AbortSignal) => Promise<ByteChannel>, known = true): Promise<TestClient> {
  const server = await startSocketServer((socket) =>
    serveBytes({
      socket,
      known,
      authenticate: (token) => (token === "good" ? undefined : { close: CLOSE.unauthorized, reason: "unknown" }),
      open,
      report: ({ code, message }) => ({ code, message }),
      now: () => 0,
    }),
  );
  onTestFinished(() => server.close());
  return server.connect();
}

test("bytes go both ways, and each direction ends by itself", async () => {
  const peer = createPeer();
  const client = await start(async () => peer.channel);
  client.type("question");
  client.say({ type: "end" });
  await expect.poll(() => peer.state.ended).toBe(true);
  expect(peer.text()).toBe("question");
  // The answer comes after the question's end.
  peer.queue.push(Buffer.from("answer"));
  peer.queue.end();
  expect(await client.closed).toBe(CLOSE.normal);
  expect(client.bytes().toString()).toBe("answer");
  expect(client.frames).toEqual([{ type: "opened" }, { type: "ack", bytes: 8 }, { type: "end" }]);
  expect(peer.state.destroyed).toBe(true);
});

test("what comes before it stands arrives, and what cannot be opened is told", async () => {
  const opening = Promise.withResolvers<ByteChannel>();
  const client = await start(() => opening.promise);
  client.type("early");
  const peer = createPeer();
  opening.resolve(peer.channel);
  await expect.poll(peer.text).toBe("early");
  client.socket.terminate();

  const refused = await start(async () => {
    throw new WsError("connection_refused", { message: "Nothing listens there.", data: { port: 1 } });
  });
  expect(await refused.closed).toBe(CLOSE.failed);
  expect(refused.frames).toEqual([{ type: "error", code: "connection_refused", message: "Nothing listens there." }]);
});

test("nothing is opened for one who has not said who he is", async () => {
  let opened = 0;
  const open = async (): Promise<ByteChannel> => ((opened += 1), createPeer().channel);
  const early = await start(open, false);
  early.type("x");
  expect(await early.closed).toBe(CLOSE.unauthorized);
  const wrong = await start(open, false);
  wrong.say({ type: "auth", token: "bad" });
  expect(await wrong.closed).toBe(CLOSE.unauthorized);
  expect(opened).toBe(0);
  const good = await start(open, false);
  good.say({ type: "auth", token: "good" });
  await expect.poll(() => opened).toBe(1);
});

test("a client that reads nothing holds the workspace back at one window", async () => {
  const peer = createPeer();
  const chunk = randomBytes(64 * 1024);
  let taken = 0;
  async function* endless(): AsyncGenerator<Bytes> {
    for (; taken < 200 * 2 ** 20; taken += chunk.length) yield chunk;
  }
  const client = await start(async () => ({ ...peer.channel, readable: endless() }));
  await client.until((bytes) => bytes.length >= UNACKED_LIMIT);
  expect(client.bytes().length).toBe(UNACKED_LIMIT);
  expect(taken).toBeLessThanOrEqual(UNACKED_LIMIT + chunk.length);
  client.say({ type: "ack", bytes: chunk.length });
  await client.until((bytes) => bytes.length >= UNACKED_LIMIT + chunk.length);
  expect(taken).toBeLessThanOrEqual(UNACKED_LIMIT + 2 * chunk.length);
  client.socket.terminate();
  await expect.poll(() => peer.state.destroyed).toBe(true);
});

test("a workspace that reads nothing holds the client back: what is not acknowledged may not be exceeded", async () => {
  const peer = createPeer();
  const stalled = Promise.withResolvers<void>();
  peer.room.wait = stalled.promise;
  const client = await start(async () => peer.channel);
  for (let sent = 0; sent <= 2 * UNACKED_LIMIT; sent += 64 * 1024) client.socket.send(Buffer.alloc(64 * 1024));
  expect(await client.closed).toBe(CLOSE.protocol);
  stalled.resolve();
  await expect.poll(() => peer.state.destroyed).toBe(true);
});

test("what nobody takes any more is dropped, and the rest of the answer arrives", async () => {
  const peer = createPeer();
  peer.state.refuses = true;
  const client = await start(async () => peer.channel);
  client.type("unwanted");
  await expect.poll(() => client.frames).toContainEqual({ type: "ack", bytes: 8 });
  peer.queue.push(Buffer.from("last words"));
  peer.queue.end();
  await client.frame("end" as never);
  client.say({ type: "end" });
  expect(await client.closed).toBe(CLOSE.normal);
  expect(client.bytes().toString()).toBe("last words");
});

test("an answer that is cut off is not taken for a whole one", async () => {
  const peer = createPeer();
  const client = await start(async () => peer.channel);
  peer.queue.push(Buffer.from("half"));
  peer.queue.fail(new WsError("box_closed", { message: "It was lost.", data: { workspace: "ws-1" } }));
  expect(await client.closed).toBe(CLOSE.failed);
  expect(client.frames).not.toContainEqual({ type: "end" });
  expect(client.frames.at(-1)).toMatchObject({ type: "error", code: "box_closed" });
});

test.each([
  ["no JSON", "{"],
  ["a frame of another stream", '{"type":"resize","cols":1,"rows":1}'],
])("%s ends the socket", async (_, text) => {
  const client = await start(async () => createPeer().channel);
  client.socket.send(text);
  expect(await client.closed).toBe(CLOSE.protocol);
});

test("bytes after the end are refused", async () => {
  const client = await start(async () => createPeer().channel);
  client.say({ type: "end" });
  client.type("more");
  expect(await client.closed).toBe(CLOSE.protocol);
});
