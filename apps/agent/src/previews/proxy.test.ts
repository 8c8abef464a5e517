import { once } from "node:events";
import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { HOST, collected, headersOf, listening, startEcho, startPreviewPlace } from "../testing/preview-place.ts";

const TOKEN = ["wst", "x".repeat(43)].join("_");

describe("what passes", () => {
  test("the workspace is told nothing of ours, of proxies, or of whoever looks", async () => {
    const place = await startPreviewPlace(await startEcho());
    const cookie = await place.enter();
    const { text: told } = await place.ask("/a?b=%20c", {
      headers: {
        cookie: `theme=dark; ${cookie}; __Host-ws-preview=y; n=1`,
        authorization: `Bearer ${TOKEN}`,
        "proxy-authorization": "Basic x",
        forwarded: "for=1.2.3.4",
        "x-forwarded-for": "1.2.3.4",
        "x-forwarded-host": "evil.test",
        x_forwarded_proto: "gopher",
        "x-real-ip": "1.2.3.4",
        via: "1.1 proxy",
        "tailscale-user-login": "ada@example.com",
        te: "trailers",
        connection: "close, X-Hop",
        "x-hop": "1",
        "x-own": "kept",
      },
    });
    expect(headersOf(told)).toEqual({
      host: HOST,
      connection: "close",
      cookie: "theme=dark; n=1",
      "x-own": "kept",
      "x-forwarded-host": HOST,
      "x-forwarded-proto": "http",
    });
    expect(JSON.parse(told)).toMatchObject({ url: "/a?b=%20c" });
    const none = await place.ask("/", { headers: { cookie, authorization: "Tailnet" } });
    expect(Object.keys(headersOf(none.text))).not.toContain("cookie");
    expect(Object.keys(headersOf(none.text))).not.toContain("authorization");
  });

  test("an app's own authorization is its own matter", async () => {
    const place = await startPreviewPlace(await startEcho());
    const authorization = "Bearer of-the-app";
    const { text: told } = await place.ask("/", { headers: { cookie: await place.enter(), authorization } });
    expect(headersOf(told)).toMatchObject({ authorization });
  });

  test("cookies are kept to their host, ours cannot be replaced, and no policy is added", async () => {
    const app = createServer((_request, response) => {
      response.setHeader("set-cookie", [
        "a=1; Domain=localhost; Path=/; HttpOnly",
        "b=2;DOMAIN = x",
        "ws-preview=3",
        "domain=4; Secure",
      ]);
      response.writeHead(201, "Made", {
        "alt-svc": 'h2="evil.test:443"',
        "x-frame-options": "DENY",
        connection: "x-hop",
        "x-hop": "1",
      });
      response.end("body");
    });
    const place = await startPreviewPlace(await listening(app));
    const { status, headers, text: body } = await place.ask("/", { headers: { cookie: await place.enter() } });
    expect([status, body]).toEqual([201, "body"]);
    expect(headers["set-cookie"]).toEqual(["a=1; Path=/; HttpOnly", "b=2", "domain=4; Secure"]);
    expect(Object.keys(headers).sort()).toEqual([
      "connection",
      "date",
      "set-cookie",
      "transfer-encoding",
      "x-frame-options",
    ]);
  });

  test("HEAD, 304 and 204 have no body and keep their headers", async () => {
    const app = createServer((request, response) => {
      response.writeHead(Number(request.url?.slice(1)), {
        etag: '"x"',
        ...(request.method === "HEAD" ? { "content-length": "7" } : {}),
      });
      response.end();
    });
    const place = await startPreviewPlace(await listening(app));
    const cookie = await place.enter();
    const head = await place.ask("/200", { method: "HEAD", headers: { cookie } });
    expect(head).toMatchObject({ status: 200, text: "", headers: { etag: '"x"', "content-length": "7" } });
    for (const status of [204, 304]) {
      const answer = await place.ask(`/${status}`, { headers: { cookie, "if-none-match": '"x"' } });
      expect(answer).toMatchObject({ status, text: "", headers: { etag: '"x"' } });
    }
  });

  test("bodies pass with a length and in chunks, and of a POST without one nothing is waited for", async () => {
    const place = await startPreviewPlace(await startEcho());
    const cookie = await place.enter();
    const body = "x".repeat(300_000);
    const sized = await place.ask("/", { method: "POST", headers: { cookie, "content-length": "300000" }, body });
    expect(JSON.parse(sized.text)).toMatchObject({ body });
    const chunked = await place.ask("/", { method: "PUT", headers: { cookie, "transfer-encoding": "chunked" }, body });
    expect(JSON.parse(chunked.text)).toMatchObject({ body });
    expect(headersOf(chunked.text)).toMatchObject({ "transfer-encoding": "chunked" });
    const empty = await place.ask("/", { method: "POST", headers: { cookie, "content-length": "0" } });
    expect(headersOf(empty.text)).toMatchObject({ "content-length": "0" });
  });

  test("events come one by one, while the request is still being sent", async () => {
    const app = createServer((request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      request.on("data", (chunk: Buffer) => response.write(`data: ${String(chunk)}\n\n`));
      request.on("end", () => response.end());
    });
    const place = await startPreviewPlace(await listening(app));
    const socket = place.dial();
    const said = collected(socket);
    socket.write(
      `POST / HTTP/1.1\r\nHost: ${HOST}\r\nCookie: ${await place.enter()}\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    await expect.poll(said).toContain("text/event-stream");
    for (const word of ["one", "two"]) {
      socket.write(`3\r\n${word}\r\n`);
      await expect.poll(said).toContain(`data: ${word}`);
    }
    socket.write("0\r\n\r\n");
    await expect.poll(said).toMatch(/0\r\n\r\n$/);
  });

  test("an answer before the end of what is sent arrives whole, though nobody takes the rest", async () => {
    const place = await startPreviewPlace(async () => ({
      readable: (async function* () {
        yield Buffer.from("HTTP/1.1 413 Too Large\r\nContent-Length: 8\r\n\r\ntoo ");
        await new Promise(setImmediate);
        yield Buffer.from("much");
      })(),
      write: () => Promise.reject(new Error("nobody reads")),
      end: async () => undefined,
      destroy: () => undefined,
    }));
    const body = "x".repeat(4_000_000);
    const answer = await place.ask("/", { method: "POST", headers: { cookie: await place.enter() }, body });
    expect([answer.status, answer.text]).toEqual([413, "too much"]);
  });

  test("what is cut short is not taken for a whole", async () => {
    const app = createServer((_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    });
    const place = await startPreviewPlace(await listening(app));
    await expect(place.ask("/", { headers: { cookie: await place.enter() } })).rejects.toThrow(
      /aborted|hang up|reset/i,
    );
  });

  test("whoever looks away ends what was asked for", async () => {
    const left = Promise.withResolvers<string>();
    const app = createServer((_request, response) => {
      response.write("begun");
      response.on("close", () => left.resolve("left"));
    });
    const place = await startPreviewPlace(await listening(app));
    const socket = place.dial();
    socket.write(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nCookie: ${await place.enter()}\r\n\r\n`);
    await once(socket, "data");
    socket.destroy();
    expect(await left.promise).toBe("left");
  });

  test("a reader that takes nothing holds the program back: a few MiB are on the way, of however much there is", async () => {
    const piece = Buffer.alloc(64 * 1_024);
    let taken = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      yield Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 214748364800\r\n\r\n");
      for (;;) {
        taken += piece.length;
        yield piece;
        await new Promise(setImmediate);
      }
    }
    const place = await startPreviewPlace(async () => ({
      readable: endless(),
      write: async () => undefined,
      end: async () => undefined,
      destroy: () => undefined,
    }));
    const socket = place.dial();
    socket.write(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nCookie: ${await place.enter()}\r\n\r\n`);
    await once(socket, "readable");
    await settled(() => taken);
    // The kernel's buffers of both ends are the most of it.
    expect(taken).toBeLessThan(16 * 1_024 * 1_024);
  });

  test("a program that takes nothing holds back whoever sends", async () => {
    const place = await startPreviewPlace(async () => ({
      readable: (async function* () {
        await new Promise(() => undefined);
      })(),
      write: () => new Promise(() => undefined),
      end: async () => undefined,
      destroy: () => undefined,
    }));
    const socket = place.dial();
    socket.write(
      `POST / HTTP/1.1\r\nHost: ${HOST}\r\nCookie: ${await place.enter()}\r\nContent-Length: 214748364800\r\n\r\n`,
    );
    const piece = Buffer.alloc(256 * 1_024);
    const send = (): void => {
      while (socket.write(piece));
    };
    socket.on("drain", send);
    send();
    await settled(() => socket.bytesWritten);
    expect(socket.bytesWritten - socket.writableLength).toBeLessThan(16 * 1_024 * 1_024);
  });
});

/** Resolves when a count has not changed for some turns of the loop. */
async function settled(count: () => number): Promise<void> {
  let last = -1;
  let same = 0;
  while (same < 200) {
    same = count() === last ? same + 1 : 0;
    last = count();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
