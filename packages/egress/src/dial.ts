import { Agent } from "node:http";
import { connect, type NetConnectOpts, type Socket } from "node:net";
import type { Readable } from "node:stream";
import { answer } from "./answers.ts";
import type { SourceSocket } from "./source-socket.ts";

const CONNECT_MS = 20_000;

/** Lets the program of a tunnel know where nothing answers, and the other side where the program has gone. */
export function keepTogether(source: SourceSocket): void {
  // Once for each tunnel, before its bytes go anywhere.
  source.once("pipe", (piped: Readable) => {
    const target = piped as Socket;
    // Only its writing half is ended by the proxy: what it sends would be read to nowhere, for as long as it likes.
    source.once("close", () => target.destroy());
    if (!target.connecting) return;
    giveUpAfter(target, CONNECT_MS);
    const failed = (error: NodeJS.ErrnoException): void =>
      source.endWith(answer(502, `Nothing answers there: ${error.code ?? error.message}.`));
    target.once("error", failed);
    target.once("connect", () => target.off("error", failed));
  });
}

/** Connections of plain requests: none is kept for a later one, whose addresses may be others. */
export function createPlainAgent(most: number): Agent {
  const agent = new Agent({ keepAlive: false, maxTotalSockets: most });
  return Object.assign(agent, {
    createConnection: (options: NetConnectOpts) => giveUpAfter(connect(options), CONNECT_MS),
  });
}

function giveUpAfter(target: Socket, ms: number): Socket {
  target.setTimeout(ms, () => {
    target.destroy(Object.assign(new Error("nothing answered in time"), { code: "ETIMEDOUT" }));
  });
  return target.once("connect", () => target.setTimeout(0).removeAllListeners("timeout"));
}
