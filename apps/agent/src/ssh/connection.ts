import type { Duplex } from "node:stream";
import type { Bytes } from "@ws/workspace-core";
import type { Connection, ServerChannel } from "ssh2";

/** Of one connection, whoever opened them. */
const MOST_CHANNELS = 128;
/** No client asks for smaller packets but to have much work done for few bytes. */
const SMALLEST_PACKET = 1_024;

/** One client's connection, with limits to what it can have the agent do and keep. */
export interface SshConnection {
  readonly client: Connection;
  /** Whether it has more channels open than one client needs. */
  isCrowded(): boolean;
  /** Everything that is served over a channel goes through this; undefined where there is none, or the client was left for it. */
  take(channel: ServerChannel | undefined): SshChannel | undefined;
}

export interface SshChannel {
  readonly channel: ServerChannel;
  /** Aborts as soon as the client has closed it or is gone, also while nobody reads what it sent. */
  readonly gone: AbortSignal;
  /** Aborts where it is gone without having ended what it sent, or its whole connection is: nothing has to be brought to its end. */
  readonly cut: AbortSignal;
  /** Resolves when it has left for the client, which takes as much as it has room for, or the channel is gone. */
  write(bytes: Bytes, output: "stdout" | "stderr"): Promise<void>;
}

/** What the library keeps to itself. */
interface Inner {
  _chanMgr?: { _count: number };
}
interface InnerChannel {
  incoming: { window: number; state: "open" | "eof" | "closed" };
  outgoing: { packetSize: number };
  _chunk?: unknown;
  _chunkcb?: unknown;
  _chunkErr?: unknown;
  _chunkcbErr?: unknown;
}

export function createSshConnection(client: Connection, stream: Duplex, leave: () => void): SshConnection {
  const room = followRoom(stream);
  const over = new AbortController();
  client.once("close", () => over.abort());
  return {
    client,
    isCrowded: () => ((client as Inner)._chanMgr?._count ?? Infinity) > MOST_CHANNELS,
    take(channel) {
      if (channel === undefined) return undefined;
      const inner = channel as unknown as InnerChannel;
      // It would be cut into packets for ever with 0.
      if (!(inner.outgoing.packetSize >= SMALLEST_PACKET)) {
        leave();
        return undefined;
      }
      channel.on("error", () => undefined);
      channel.stderr.on("error", () => undefined);
      const { gone, cut } = watch(channel, over.signal, leave);
      return { channel, gone, cut, write: createWrite(channel, gone, room) };
    },
  };
}

/**
 * The library tells of a close only once all that came before was read, and takes in what exceeds the window it gave: both show
 * where it hands on what comes.
 */
function watch(channel: ServerChannel, over: AbortSignal, leave: () => void): Pick<SshChannel, "gone" | "cut"> {
  const gone = new AbortController();
  const cut = new AbortController();
  let hasEnded = false;
  const { incoming } = channel as unknown as InnerChannel;
  const push = channel.push.bind(channel);
  channel.push = (...given) => {
    if (incoming.state === "closed") {
      if (!hasEnded) cut.abort();
      gone.abort();
    }
    if (incoming.state === "eof") hasEnded = true;
    if (incoming.window >= 0) return push(...given);
    leave();
    return false;
  };
  channel.once("close", () => gone.abort());
  return { gone: gone.signal, cut: AbortSignal.any([cut.signal, over]) };
}

/**
 * Writes one piece at a time to either output: of two that wait for the client's window the library wakes one, and what has waited it
 * would send again when another waits.
 */
function createWrite(channel: ServerChannel, gone: AbortSignal, room: () => Promise<void>): SshChannel["write"] {
  async function writeNow(bytes: Bytes, output: "stdout" | "stderr"): Promise<void> {
    await room();
    if (gone.aborted) return;
    await new Promise<void>((resolve) => {
      const leave = (): void => resolve();
      gone.addEventListener("abort", leave, { once: true });
      (output === "stdout" ? channel : channel.stderr).write(bytes, () => {
        const waited = { _chunk: undefined, _chunkcb: undefined, _chunkErr: undefined, _chunkcbErr: undefined };
        Object.assign(channel, waited);
        gone.removeEventListener("abort", leave);
        resolve();
      });
    });
  }
  let last = Promise.resolve();
  return async (bytes, output) => (last = last.then(() => writeNow(bytes, output)));
}

/**
 * The library writes whether or not there is room. So channels wait for it, and while the client takes nothing it is not heard either:
 * what it asks would be answered into memory.
 */
function followRoom(stream: Duplex): () => Promise<void> {
  let waiting: PromiseWithResolvers<void> | undefined;
  const wake = (): void => {
    waiting?.resolve();
    waiting = undefined;
  };
  stream.on("data", () => {
    if (stream.writableNeedDrain) stream.pause();
  });
  stream.on("drain", () => {
    wake();
    stream.resume();
  });
  stream.on("close", wake);
  return async () => {
    // Of many that are woken, each looks whether the others left any.
    while (stream.writableNeedDrain && !stream.destroyed) {
      waiting ??= Promise.withResolvers<void>();
      await waiting.promise;
    }
  };
}
