import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { TerminalServerFrame } from "@ws/rpc-contract/frames";
import { expect } from "vitest";
import { WebSocket, WebSocketServer } from "ws";

/** A client of a terminal, as a browser would be one. */
export interface TestClient {
  readonly socket: WebSocket;
  say(frame: object): void;
  type(text: string): void;
  /** All frames so far, and all bytes. */
  readonly frames: TerminalServerFrame[];
  bytes(): Buffer;
  /** Resolves to the first frame of this kind that came or comes. */
  frame<T extends TerminalServerFrame["type"]>(type: T): Promise<Extract<TerminalServerFrame, { type: T }>>;
  /** Resolves once the bytes so far fulfil it. */
  until(condition: (bytes: Buffer) => boolean): Promise<void>;
  readonly closed: Promise<number>;
}

export function followSocket(socket: WebSocket): TestClient {
  const frames: TerminalServerFrame[] = [];
  let parts: Buffer[] = [];
  const whole = (): Buffer => {
    // Joined when somebody looks: at each message a flood would be copied again and again.
    if (parts.length !== 1) parts = [Buffer.concat(parts)];
    return parts[0] as Buffer;
  };
  socket.on("message", (data: Buffer, binary: boolean) => {
    if (binary) parts.push(data);
    else frames.push(JSON.parse(data.toString()) as TerminalServerFrame);
  });
  const closed = once(socket, "close").then(([code]) => code as number);
  // Nobody waits for the close of one that was never opened.
  closed.catch(() => undefined);
  return {
    socket,
    frames,
    closed,
    bytes: whole,
    say: (frame) => socket.send(JSON.stringify(frame)),
    type: (text) => socket.send(Buffer.from(text, "latin1")),
    async frame(type) {
      const find = () => frames.find((frame) => frame.type === type);
      await expect.poll(find, { interval: 5 }).toBeDefined();
      return find() as never;
    },
    until: (condition) => expect.poll(() => condition(whole()), { interval: 5 }).toBe(true),
  };
}

/** A server that gives each connection to `accept`, and clients of it. */
export async function startSocketServer(accept: (socket: WebSocket, path: string) => void) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false, maxPayload: 1024 * 1024 });
  server.on("connection", (socket, request) => accept(socket, request.url ?? ""));
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async connect(path = "/"): Promise<TestClient> {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, {
        perMessageDeflate: false,
      });
      const client = followSocket(socket);
      await once(socket, "open");
      return client;
    },
    close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}
