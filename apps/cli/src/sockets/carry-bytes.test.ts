import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { PassThrough, Writable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { carryBytes } from "./carry-bytes.ts";

/** Carries bytes from a worker that does what it likes to whoever takes none. */
async function carryFrom(serve: (socket: WebSocket) => void): Promise<void> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" }).on("connection", serve);
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const output = new Writable({ highWaterMark: 1, write: () => undefined });
  return carryBytes({ kind: "http", url, token: "t" }, "/connect/demo/80", { input: new PassThrough(), output });
}

test.each(["not JSON", "{", "", "null"])("A worker that says %j is left", async (text) => {
  await expect(carryFrom((socket) => socket.send(text))).rejects.toMatchObject({ code: "protocol_error" });
});

test("A worker that does not wait for what it sent to be taken is left, and does not fill the memory", async () => {
  const piece = Buffer.alloc(256 * 1024);
  await expect(
    carryFrom((socket) => {
      const send = (): void => socket.send(piece, (error) => void (error ?? setImmediate(send)));
      send();
    }),
  ).rejects.toMatchObject({ code: "protocol_error" });
});
