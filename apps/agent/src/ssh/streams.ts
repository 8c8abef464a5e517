import type { Writable } from "node:stream";
import { createByteQueue, type ByteChannel, type ByteSource } from "@ws/workspace-core";
import type { ServerChannel } from "ssh2";

/** What comes over a channel. Whoever leaves early does not destroy it, as the stream's own iterator would. */
export function incoming(channel: ServerChannel): ByteSource {
  const queue = createByteQueue({ onSpace: () => channel.resume() });
  channel.on("data", (chunk: Buffer) => {
    if (!queue.push(chunk)) channel.pause();
  });
  channel.on("end", queue.end);
  channel.on("close", queue.end);
  return queue.source;
}

/** Resolves when all of it has left for the client, which takes as much as it has room for, or the channel is gone. */
export async function outgoing(source: ByteSource, stream: Writable, gone: AbortSignal): Promise<void> {
  for await (const bytes of source) {
    if (gone.aborted) return;
    await new Promise<void>((resolve) => {
      const leave = (): void => resolve();
      gone.addEventListener("abort", leave, { once: true });
      stream.write(bytes, () => {
        gone.removeEventListener("abort", leave);
        resolve();
      });
    });
  }
}

/** A signal that aborts when the channel has closed. */
export function goneWith(channel: ServerChannel): AbortSignal {
  const gone = new AbortController();
  channel.on("error", () => undefined);
  channel.once("close", () => gone.abort());
  return gone.signal;
}

/** Joins a channel with a byte stream until both directions have ended. */
export async function join(channel: ServerChannel, bytes: ByteChannel): Promise<void> {
  const gone = goneWith(channel);
  gone.addEventListener("abort", () => bytes.destroy(), { once: true });
  const send = async (): Promise<void> => {
    await outgoing(bytes.readable, channel, gone);
    channel.end();
  };
  const take = async (): Promise<void> => {
    for await (const chunk of incoming(channel)) await bytes.write(chunk);
    await bytes.end();
  };
  try {
    await Promise.all([send(), take()]);
  } finally {
    bytes.destroy();
    channel.close();
  }
}
