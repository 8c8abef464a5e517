import { CLOSE, UNACKED_LIMIT, type ByteClientFrame, type ByteServerFrame } from "@ws/rpc-contract/frames";
import { toWsError, type ByteChannel } from "@ws/workspace-core";
import type { RawData, WebSocket } from "ws";
import { parseByteFrame } from "../terminals/client-frames.ts";
import type { ReportFailure } from "../terminals/failure.ts";
import { createCredit } from "./credit.ts";
import { createInput } from "./input.ts";
import { createSocketWriter } from "./socket-writer.ts";

export interface ByteSocketOptions {
  socket: WebSocket;
  /** Whether the handshake has said who this is. */
  known: boolean;
  /** Judges a token that came as the first message; what is returned is what to close with. */
  authenticate: (token: string) => { close: number; reason: string } | undefined;
  /** Opens what the socket leads to, once it is known for whom; the signal aborts when the client goes. */
  open: (gone: AbortSignal) => Promise<ByteChannel>;
  report: ReportFailure;
  now: () => number;
}

/**
 * Joins a socket and a byte stream until both directions have ended, each by itself; the client's going away ends both. Whoever reads
 * slowly holds the other back: of each direction no more than two windows are in memory.
 */
export function serveBytes({ socket, authenticate, open, report, now, known: early }: ByteSocketOptions): void {
  const writer = createSocketWriter(socket);
  const credit = createCredit(UNACKED_LIMIT, now);
  const gone = new AbortController();
  const input = createInput(writer.acknowledge);
  let known = early;
  let hasEnded = false;

  function say(frame: ByteServerFrame): void {
    writer.text(frame);
  }

  socket.on("message", (data: RawData, binary: boolean) => {
    // One that is being closed may still send.
    if (socket.readyState !== socket.OPEN) return;
    const bytes = data as Buffer;
    if (!binary) return onFrame(parseByteFrame(bytes.toString()));
    if (!known) return socket.close(CLOSE.unauthorized, "missing");
    if (hasEnded) return socket.close(CLOSE.protocol, "bytes after the end");
    // The client keeps to what was acknowledged; one that does not would fill our memory.
    if (!input.push(bytes)) socket.close(CLOSE.protocol, "more bytes than were acknowledged");
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    gone.abort();
    credit.close();
    input.end();
  });
  if (early) void serve();

  function onFrame(frame: ByteClientFrame | undefined): void {
    if (frame === undefined) return socket.close(CLOSE.protocol, "not a frame of this protocol");
    if (frame.type === "auth") {
      if (known) return;
      const refusal = authenticate(frame.token);
      if (refusal !== undefined) return socket.close(refusal.close, refusal.reason);
      known = true;
      void serve();
    } else if (!known) socket.close(CLOSE.unauthorized, "missing");
    else if (frame.type === "ack") credit.repay(frame.bytes);
    else {
      hasEnded = true;
      input.end();
    }
  }

  async function serve(): Promise<void> {
    let channel: ByteChannel | undefined;
    const leave = (): void => channel?.destroy();
    try {
      channel = await open(gone.signal);
      if (gone.signal.aborted) return;
      gone.signal.addEventListener("abort", leave, { once: true });
      say({ type: "opened" });
      await Promise.all([send(channel), receive(channel)]);
      socket.close(CLOSE.normal);
    } catch (error) {
      say({ type: "error", ...report(toWsError(error)) });
      socket.close(CLOSE.failed);
    } finally {
      leave();
      input.end();
    }
  }

  async function send({ readable }: ByteChannel): Promise<void> {
    for await (const bytes of readable) {
      if (!(await credit.room())) return;
      credit.spend(bytes.length);
      await writer.bytes(bytes);
    }
    say({ type: "end" });
  }

  async function receive(channel: ByteChannel): Promise<void> {
    let isTaken = true;
    for await (const bytes of input.source) {
      // What nobody reads any more is dropped; what the other side has still to say goes on.
      if (isTaken) isTaken = await channel.write(bytes).then(...TAKEN_OR_NOT);
    }
    if (isTaken && !gone.signal.aborted) await channel.end();
  }
}

const TAKEN_OR_NOT = [() => true, () => false] as const;
