import { createByteQueue, type ByteChannel, type ByteSource } from "@ws/workspace-core";
import type { ServerChannel } from "ssh2";
import type { SshChannel } from "./connection.ts";

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

/** Resolves when all of it has left for the client, or the channel is gone. */
export async function outgoing(
  source: ByteSource,
  { gone, write }: SshChannel,
  output: "stdout" | "stderr",
): Promise<void> {
  for await (const bytes of source) {
    if (gone.aborted) return;
    await write(bytes, output);
  }
}

/** Joins a channel with a byte stream until both directions have ended, each by itself. */
export async function join(opened: SshChannel, bytes: ByteChannel): Promise<void> {
  const { channel, gone, cut } = opened;
  const send = async (): Promise<void> => {
    await outgoing(bytes.readable, opened, "stdout");
    // The library's own end would close the other direction too.
    channel.eof();
  };
  const take = async (): Promise<void> => {
    for await (const chunk of incoming(channel)) await bytes.write(chunk);
    await bytes.end();
  };
  const taking = take();
  const leave = (): void => bytes.destroy();
  // Who has sent everything may close at once: it still arrives, and then nobody is there for an answer.
  gone.addEventListener("abort", () => void taking.then(leave, leave), { once: true });
  cut.addEventListener("abort", leave, { once: true });
  try {
    await Promise.all([send(), taking]);
  } finally {
    bytes.destroy();
    channel.close();
  }
}
