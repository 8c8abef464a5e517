import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import {
  HOST,
  callerWith,
  collected,
  headersOf,
  listening,
  startEcho,
  startPreviewPlace,
} from "../testing/preview-place.ts";

const TOKEN = ["wst", "x".repeat(43)].join("_");

describe("requests whose end could be read in two ways", () => {
  test.each([
    ["a length and chunks", "Content-Length: 4\r\nTransfer-Encoding: chunked", 400],
    ["two lengths", "Content-Length: 4\r\nContent-Length: 5", 400],
    ["a coding that is not known", "Transfer-Encoding: gzip, chunked", 501],
    ["two hosts", "Host: 3001--demo.localhost", 400],
  ])("%s", async (_what, lines, status) => {
    const place = await startPreviewPlace(await startEcho());
    const socket = place.dial();
    const said = collected(socket);
    socket.write(`POST / HTTP/1.1\r\nHost: ${HOST}\r\nCookie: ${await place.enter()}\r\n${lines}\r\n\r\n0\r\n\r\n`);
    await expect.poll(said).toMatch(new RegExp(`^HTTP/1.1 ${status}`));
  });

  test("a length that the request calls its connection's own holds all the same", async () => {
    const place = await startPreviewPlace(await startEcho());
    const headers = { cookie: await place.enter(), connection: "close, content-length, host", "content-length": "4" };
    const { text: told } = await place.ask("/", { method: "POST", headers, body: "body" });
    expect(JSON.parse(told)).toMatchObject({ body: "body" });
    expect(headersOf(told)).toMatchObject({ host: HOST, "content-length": "4" });
  });

  test("a target that is no path is not led on", async () => {
    const place = await startPreviewPlace(await startEcho());
    const socket = place.dial();
    const said = collected(socket);
    socket.write(`GET http://127.0.0.1/x HTTP/1.1\r\nHost: ${HOST}\r\nCookie: ${await place.enter()}\r\n\r\n`);
    await expect.poll(said).toMatch(/^HTTP\/1.1 400/);
  });
});

describe("WebSockets", () => {
  const hello = (cookie: string, more = ""): string =>
    `GET /hmr HTTP/1.1\r\nHost: ${HOST}\r\nCookie: ${cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${more}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n\r\n`;

  function startSwitching(headers: IncomingMessage["headers"][] = []): Promise<number> {
    const app = createServer();
    app.on("upgrade", (request: IncomingMessage, socket) => {
      headers.push(request.headers);
      socket.on("error", () => undefined);
      socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: y\r\nSet-Cookie: ws-preview=z\r\n\r\nfirst",
      );
      socket.pipe(socket);
    });
    return listening(app);
  }

  test("every byte is led on both ways, what came early as well", async () => {
    const headers: IncomingMessage["headers"][] = [];
    const place = await startPreviewPlace(await startSwitching(headers));
    const socket = place.dial();
    const said = collected(socket);
    socket.write(`${hello(await place.enter(), `Authorization: Bearer ${TOKEN}\r\n`)}early`);
    await expect.poll(said).toMatch(/first(?:.*)early$/s);
    expect(said()).toMatch(
      /^HTTP\/1.1 101 Switching Protocols\r\nsec-websocket-accept: y\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n/,
    );
    const closed = once(socket, "close");
    socket.end("late");
    await closed;
    expect(said()).toMatch(/late$/);
    expect(headers[0]).toMatchObject({ host: HOST, upgrade: "websocket", "sec-websocket-key": "eA==" });
    expect(Object.keys(headers[0] ?? {})).not.toEqual(expect.arrayContaining(["cookie"]));
    expect(Object.keys(headers[0] ?? {})).not.toEqual(expect.arrayContaining(["authorization"]));
  });

  test("they end with whoever made the preview", async () => {
    const place = await startPreviewPlace(await startSwitching());
    const token = new AbortController();
    const socket = place.dial();
    socket.write(hello(await place.enter(callerWith(token))));
    await once(socket, "data");
    token.abort();
    await once(socket, "close");
    expect(socket.destroyed).toBe(true);
  });

  test("a refusal of the program's is passed on, and what switches to something else is cut off", async () => {
    const app = createServer((_request, response) => response.writeHead(403).end("no"));
    const refusing = await startPreviewPlace(await listening(app));
    const socket = refusing.dial();
    const said = collected(socket);
    socket.write(hello(await refusing.enter()));
    await expect.poll(said).toMatch(/^HTTP\/1.1 403 Forbidden\r\n.*\r\nno$/s);

    const odd = createServer().on("upgrade", (_request, stream) =>
      stream.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"),
    );
    const place = await startPreviewPlace(await listening(odd));
    const other = place.dial();
    const told = collected(other);
    other.write(hello(await place.enter()));
    await expect.poll(told).toMatch(/^HTTP\/1.1 502/);
  });

  test("a page of another preview opens none, nor does who was not let in", async () => {
    const place = await startPreviewPlace(await startSwitching());
    for (const [cookie, more, status] of [
      [await place.enter(), "Origin: http://3001--demo.localhost\r\n", 403],
      ["ws-preview=guessed", "", 401],
    ] as const) {
      const socket = place.dial();
      const said = collected(socket);
      socket.write(hello(cookie, more));
      await expect.poll(said).toMatch(new RegExp(`^HTTP/1.1 ${status}`));
    }
  });
});
