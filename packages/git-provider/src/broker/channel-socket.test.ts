import { once } from "node:events";

import type { ByteChannel, Bytes } from "@ws/workspace-core";
import { expect, test } from "vitest";

import { channelSocket } from "./channel-socket.ts";

test("bytes pass both ways and each direction ends on its own", async () => {
  const channel = memoryChannel(["hello ", "there"]);
  const socket = channelSocket(channel);
  socket.end("answer");
  let read = "";
  for await (const chunk of socket) read += String(chunk);
  expect(read).toBe("hello there");
  expect(Buffer.concat(channel.written).toString()).toBe("answer");
  expect(channel.ended).toBe(true);
});

test("a reader that stops holds the channel back within the buffer", async () => {
  const chunk = new Uint8Array(64 * 1_024);
  let taken = 0;
  async function* endless(): AsyncGenerator<Bytes> {
    for (;;) {
      taken += chunk.length;
      yield chunk;
    }
  }
  const socket = channelSocket({ ...memoryChannel([]), readable: endless() });
  await once(socket, "readable");
  await new Promise(setImmediate);
  expect(taken).toBeLessThanOrEqual(5 * chunk.length);
  socket.destroy();
});

test("a channel that takes nothing holds the writer back", () => {
  const socket = channelSocket({ ...memoryChannel([]), write: () => Promise.withResolvers<void>().promise });
  let accepted = 0;
  while (socket.write(new Uint8Array(64 * 1_024))) accepted += 1;
  expect(accepted).toBeLessThan(5);
  socket.destroy();
});

test("what is written while a packet is under way goes out as one", async () => {
  const channel = memoryChannel([]);
  const socket = channelSocket(channel);
  socket.cork();
  for (const part of ["4\r\n", "data", "\r\n"]) socket.write(part);
  socket.uncork();
  socket.end();
  await once(socket, "finish");
  expect(channel.written.map(String)).toEqual(["4\r\ndata\r\n"]);
});

test("a channel that breaks breaks the stream, and destroying the stream destroys the channel", async () => {
  const broken = channelSocket({ ...memoryChannel([]), write: () => Promise.reject(new Error("gone")) });
  broken.write("x");
  expect(await once(broken, "error")).toEqual([new Error("gone")]);
  const channel = memoryChannel(["x"]);
  channelSocket(channel).destroy();
  expect(channel.destroyed).toBe(true);
});

interface MemoryChannel extends ByteChannel {
  written: Buffer[];
  ended: boolean;
  destroyed: boolean;
}

function memoryChannel(content: readonly string[]): MemoryChannel {
  const channel: MemoryChannel = {
    written: [],
    ended: false,
    destroyed: false,
    readable: (async function* () {
      for (const text of content) yield Buffer.from(text);
    })(),
    write: async (bytes) => void channel.written.push(Buffer.from(bytes)),
    end: async () => void (channel.ended = true),
    destroy: () => void (channel.destroyed = true),
  };
  return channel;
}
