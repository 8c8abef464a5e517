import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type RequestListener } from "node:http";
import { connect, performServerHandshake } from "node:http2";
import { duplexPair, type Duplex } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { channelOf } from "./channel.ts";

/** Both ends of a link in memory, with an HTTP server at the far one. */
function setUp(answer: RequestListener) {
  let streams = 0;
  const [near, far] = duplexPair();
  const server = createServer(answer);
  const hub = connect("http://worker", { createConnection: () => near });
  const worker = performServerHandshake(far as never);
  worker.on("stream", (stream) => {
    stream.on("error", () => undefined);
    stream.respond({ ":status": 200 });
    server.emit("connection", channelOf(stream));
  });
  for (const session of [hub, worker]) session.on("error", () => undefined);
  onTestFinished(() => {
    hub.destroy();
    worker.destroy();
  });
  const open = (): Duplex => {
    const stream = hub.request({ ":method": "POST" }, { endStream: false });
    stream.on("error", () => undefined);
    streams += 1;
    stream.once("close", () => (streams -= 1));
    return channelOf(stream);
  };
  // What ends with the link when the test is over is no failure.
  const ask = (method = "GET") =>
    httpRequest({ createConnection: open, method, path: "/" }).on("error", () => undefined);
  return { ask, worker, streams: () => streams };
}

const sum = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

async function bytesOf(answer: IncomingMessage): Promise<Buffer> {
  return Buffer.concat((await answer.toArray()) as Buffer[]);
}

test("text and bytes that are written together arrive as they were written, whatever their sizes", async () => {
  const bodies = Array.from({ length: 200 }, (_, index) => randomBytes((index * 37) % 5_000));
  let next = 0;
  const { ask, streams } = setUp((request, response) => {
    const body = bodies[next++] ?? Buffer.alloc(0);
    response.writeHead(206, { "content-length": body.length, "x-sum": sum(body), "x-method": request.method ?? "" });
    response.write(body.subarray(0, 7));
    response.end(body.subarray(7));
  });
  for (const body of bodies) {
    const request = ask("PUT");
    request.write("head");
    request.end(randomBytes(100));
    const [answer] = (await once(request, "response")) as [IncomingMessage];
    expect(answer.statusCode).toBe(206);
    expect(sum(await bytesOf(answer))).toBe(sum(body));
  }
  // None is left behind.
  await expect.poll(streams).toBe(0);
});

test("memory that was written is the writer's again when the write is done, and what it held then has arrived", async () => {
  const [near, far] = duplexPair();
  const hub = connect("http://worker", { createConnection: () => near });
  const worker = performServerHandshake(far as never);
  onTestFinished(() => [hub, worker].forEach((session) => session.destroy()));
  const arrived: Buffer[] = [];
  const ended = new Promise((resolve) => {
    worker.on("stream", (stream) =>
      channelOf(stream)
        .on("data", (chunk: Buffer) => arrived.push(chunk))
        .on("end", resolve),
    );
  });
  const channel = channelOf(hub.request({ ":method": "POST" }, { endStream: false }));
  const memory = Buffer.alloc(16);
  for (let line = 0; line < 500; line += 1) {
    memory.write(String(line).padStart(16));
    await new Promise((resolve) => channel.write(memory, resolve));
  }
  channel.end();
  await ended;
  const expected = Array.from({ length: 500 }, (_, line) => String(line).padStart(16)).join("");
  expect(Buffer.concat(arrived).toString()).toBe(expected);
});

test("what a slow reader has not come to yet is not lost when the other end is done", async () => {
  const body = randomBytes(3_000_000);
  const { ask } = setUp((_request, response) => response.end(body));
  const request = ask();
  request.end();
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  const hash = createHash("sha256");
  for await (const piece of answer as AsyncIterable<Buffer>) {
    hash.update(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(hash.digest("hex")).toBe(sum(body));
});

test("a client that leaves is missed at the other end, and what is cut short is an error and no end", async () => {
  const left = Promise.withResolvers<boolean>();
  const { ask, worker } = setUp((_request, response) => {
    response.once("close", () => left.resolve(response.writableFinished));
    response.write("some");
  });
  const leaving = ask();
  leaving.end();
  await once(leaving, "response");
  leaving.destroy();
  expect(await left.promise).toBe(false);

  const cut = ask();
  cut.end();
  const [answer] = (await once(cut, "response")) as [IncomingMessage];
  const read = bytesOf(answer);
  worker.destroy();
  await expect(read).rejects.toThrow();
});
