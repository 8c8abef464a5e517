import type { Duplex } from "node:stream";
import type { ByteChannel } from "@ws/workspace-core";
import { createBytePair } from "./byte-pair.ts";

/** A channel as the stream that Node's HTTP takes for a connection. Slowness passes both ways, and destroying it destroys the channel. */
export function streamOver(channel: ByteChannel): Duplex {
  const { stream, channel: far } = createBytePair();
  const take = async (): Promise<void> => {
    for await (const bytes of channel.readable) await far.write(bytes);
    await far.end();
  };
  const give = async (): Promise<void> => {
    let isTaken = true;
    for await (const bytes of far.readable) {
      // What nobody reads any more is dropped; what the other side has still to say comes all the same.
      if (isTaken) isTaken = await channel.write(bytes).then(...TAKEN_OR_NOT);
    }
    if (isTaken && !stream.destroyed) await channel.end();
  };
  const end = (): void => {
    stream.destroy();
    channel.destroy();
  };
  stream.once("close", end);
  take().catch(end);
  give().catch(end);
  return stream;
}

const TAKEN_OR_NOT = [() => true, () => false] as const;
