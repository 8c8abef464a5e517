import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TokenSecret } from "@ws/workspace-core";
import { makeCertificates } from "../../testing/certificates.ts";
import { type Asked, askForge } from "./ask-forge.ts";
import { bytesBody } from "./bodies.ts";
import { createUpstream, trust, type Upstream } from "./upstream.ts";

const SECRET: TokenSecret = {
  id: "work",
  type: "pat",
  provider: "github",
  host: "127.0.0.1",
  username: "u",
  password: "",
};

let forge: Forge;
beforeAll(async () => {
  forge = await startForge();
});
afterAll(() => forge[Symbol.asyncDispose]());

test("a question without a body says nothing of one, whatever its headers say", async () => {
  using upstream = forge.upstream();
  const headers = { accept: "*/*", "content-length": 9, "transfer-encoding": "chunked", "content-encoding": "gzip" };
  await end(askForge(forge.asked(upstream, { headers, body: bytesBody(Buffer.from("smuggled!")) }), SECRET));
  expect(forge.seen.at(-1)?.headers).toEqual({
    accept: "*/*",
    authorization: expect.any(String),
    connection: "keep-alive",
    host: forge.authority,
  });
});

test("a body is as long as it is, whatever its headers say", async () => {
  using upstream = forge.upstream();
  const headers = { "content-length": 1, "transfer-encoding": "chunked" };
  await end(askForge(forge.asked(upstream, { method: "POST", headers, body: bytesBody(Buffer.from("four")) }), SECRET));
  expect(forge.seen.at(-1)?.headers).toMatchObject({ "content-length": "4" });
  expect(forge.seen.at(-1)?.headers["transfer-encoding"]).toBeUndefined();
});

test("what shows the worker's credential goes on connections of its own", async () => {
  using upstream = forge.upstream();
  for (const secret of [undefined, SECRET, undefined, SECRET]) await end(askForge(forge.asked(upstream), secret));
  const [open, authorized, again, authorizedAgain] = forge.seen.slice(-4).map(({ socket }) => socket);
  expect(open).not.toBe(authorized);
  expect(again).toBe(open);
  expect(authorizedAgain).toBe(authorized);
});

test("a connection on which the forge answered before it had the whole request is not used again", async () => {
  using upstream = forge.upstream();
  const body = {
    repeatable: false,
    length: 8,
    sendTo: (request: NodeJS.WritableStream) => {
      request.write("half");
      void forge.answered.then(() => request.end("done"));
    },
  };
  await end(askForge(forge.asked(upstream, { method: "POST", target: "/early", body }), SECRET));
  await end(askForge(forge.asked(upstream), SECRET));
  const [early, next] = forge.seen.slice(-2).map(({ socket }) => socket);
  expect(next).not.toBe(early);
});

interface Forge extends AsyncDisposable {
  authority: string;
  seen: { headers: IncomingHttpHeaders; socket: Socket }[];
  /** When it has answered early. */
  answered: Promise<void>;
  upstream(): Upstream;
  asked(upstream: Upstream, asked?: Partial<Asked>): Asked;
}

async function startForge(): Promise<Forge> {
  const directory = await mkdtemp(join(tmpdir(), "ws-ask-forge-"));
  const { ca, cert, key } = await makeCertificates(directory, []);
  await rm(directory, { recursive: true });
  const seen: Forge["seen"] = [];
  const { promise: answered, resolve } = Promise.withResolvers<void>();
  const server = createServer({ cert, key }, (request, response) => {
    seen.push({ headers: request.headers, socket: request.socket });
    if (request.url !== "/early") return void request.resume().on("end", () => response.end("ok"));
    response.end("no", resolve);
    request.resume();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const secureContext = trust([ca]);
  return {
    authority: `127.0.0.1:${port}`,
    seen,
    answered,
    upstream: () =>
      createUpstream({ secureContext: () => secureContext, timeouts: { connectMs: 5_000, idleMs: 5_000 } }),
    asked: (upstream, asked = {}) => ({
      upstream,
      authority: { host: "127.0.0.1", port },
      addresses: [{ address: "127.0.0.1", family: 4 }],
      method: "GET",
      target: "/",
      headers: {},
      body: bytesBody(Buffer.alloc(0)),
      isHeld: () => false,
      signal: new AbortController().signal,
      ...asked,
    }),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Reads an answer whole, so that its connection is free. */
async function end(asking: Promise<IncomingMessage>): Promise<void> {
  const message = await asking;
  message.resume();
  await once(message, "close");
  // The agent takes the connection back with the next turn.
  await new Promise(setImmediate);
}
