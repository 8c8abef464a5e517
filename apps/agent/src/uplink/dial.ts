import type { IncomingMessage } from "node:http";
import type { Clock } from "@ws/workspace-core";
import { WebSocket } from "ws";
import type { Lane } from "./lanes.ts";
import { MAX_PAYLOAD } from "./sessions.ts";

export interface DialOptions {
  /** The hub's address, without a path. */
  url: string;
  token: string;
  instance: string;
  version: string;
  clock: Pick<Clock, "sleep">;
}

/** What a hub says where it does not take the link. */
export class DialRefused extends Error {
  override readonly name = "DialRefused";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Opens one link to the hub; `opened` is called in the moment it is, before anything of it is read. Rejects with `DialRefused` or what the network says. */
export function dial(
  { url, token, instance, version, clock }: DialOptions,
  lane: Lane,
  { signal, opened }: { signal: AbortSignal; opened: (socket: WebSocket) => void },
): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}/uplink?lane=${lane}`, {
    headers: { authorization: `Bearer ${token}`, "x-ws-instance": instance, "x-ws-version": version },
    handshakeTimeout: 10_000,
    followRedirects: false,
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD,
  });
  const end = (): void => socket.terminate();
  signal.addEventListener("abort", end, { once: true });
  socket.once("close", () => signal.removeEventListener("abort", end));
  return new Promise((resolve, reject) => {
    // One that fails later is told by its close.
    socket.on("error", reject);
    socket.once("unexpected-response", (_request, answer: IncomingMessage) => {
      readRefusal(answer, clock).then(reject, reject).finally(end);
    });
    socket.once("open", () => {
      opened(socket);
      resolve(socket);
    });
    if (signal.aborted) end();
  });
}

const LONGEST = 16 * 1024;
const LONGEST_MS = 10_000;

/** What came of it in ten seconds, however slowly it is told. */
async function readRefusal(answer: IncomingMessage, clock: DialOptions["clock"]): Promise<DialRefused> {
  const { statusCode: status = 0 } = answer;
  let text = "";
  let isLate = false;
  const over = new AbortController();
  const end = (): void => {
    isLate = true;
    answer.destroy();
  };
  clock.sleep(LONGEST_MS, over.signal).then(end, () => undefined);
  try {
    for await (const piece of answer as AsyncIterable<Buffer>) {
      text += piece.toString();
      if (text.length > LONGEST) break;
    }
  } catch (error) {
    if (!isLate) throw error;
  } finally {
    over.abort();
  }
  const { code, message } = refusalIn(text);
  const said = message === undefined ? `It answered ${status}.` : message.replace(/\p{C}/gu, " ").slice(0, 300);
  return new DialRefused(status, code ?? "refused", said);
}

function refusalIn(text: string): { code?: string; message?: string } {
  try {
    const { message, data } = JSON.parse(text) as { message?: unknown; data?: { code?: unknown } };
    return {
      ...(typeof message === "string" ? { message } : {}),
      ...(typeof data?.code === "string" ? { code: data.code } : {}),
    };
  } catch {
    return {};
  }
}
