import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { connect, createServer as createTcpServer } from "node:net";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openSubject } from "./testing/subject.ts";

test("An allowed host is connected to, and what it says comes through unchanged", async () => {
  await using subject = await openSubject();
  const port = await subject.serve(createTcpServer((socket) => socket.pipe(socket)));
  subject.allow.push(`allowed.test:${port}`);
  const { status, socket } = await subject.tunnel(`allowed.test:${port}`);
  expect(status).toBe(200);
  const said = Buffer.alloc(3_000_001, "what goes out comes back");
  const heard = text(socket);
  socket.write(said);
  socket.end();
  expect((await heard) === said.toString()).toBe(true);
  expect(subject.refused).toEqual([]);
});

test("Any other host is refused with a 403 that says what to do, and never hangs (row 23; the lethal trifecta)", async () => {
  await using subject = await openSubject();
  subject.allow.push("allowed.test");
  const { status, body } = await subject.tunnel("evil.test:443");
  expect(status).toBe(403);
  expect(body).toContain("may not connect to evil.test:443. It is not on the list.");
  expect(body).toContain("ws egress NAME allow evil.test\n");
  expect(await subject.plain("http://evil.test/?secret")).toMatchObject({ status: 403 });
  expect(subject.refused).toEqual(["evil.test:443 It is not on the list.", "evil.test:80 It is not on the list."]);
});

test("Another port of an allowed host is refused", async () => {
  await using subject = await openSubject();
  subject.allow.push("allowed.test");
  expect(await subject.tunnel("allowed.test:22")).toMatchObject({ status: 403 });
  expect(subject.refused).toEqual(["allowed.test:22 Only allowed.test is on the list."]);
});

test("Plain HTTP goes to an allowed host and port alone, without what only the proxy was told", async () => {
  await using subject = await openSubject();
  const seen: IncomingMessage[] = [];
  const server = createServer((asked, answer) => {
    seen.push(asked);
    answer.end("plain");
  });
  const port = await subject.serve(server);
  subject.allow.push(`mirror.test:${port}`);
  const answer = await subject.plain(`http://mirror.test:${port}/dists`, { "proxy-authorization": "Basic eA==" });
  expect(answer).toEqual({ status: 200, body: "plain" });
  expect(seen.map(({ url }) => url)).toEqual(["/dists"]);
  expect(seen[0]?.headers["proxy-authorization"]).toBeUndefined();
});

test("A plain request whose Host header names another host is refused (domain fronting)", async () => {
  await using subject = await openSubject();
  const port = await subject.serve(createServer((_asked, answer) => answer.end("other")));
  subject.allow.push(`mirror.test:${port}`);
  const answer = await subject.plain(`http://mirror.test:${port}/`, { host: "other.test" });
  expect(answer.status).toBe(403);
  expect(answer.body).toContain("Its Host header names another.");
});

test.each([
  ["two of them", (own: string) => `host: ${own}\r\nhost: other.test`],
  ["the other as if it were a user", (own: string) => `host: other.test@${own}`],
  ["a path after it", (own: string) => `host: ${own}/other.test`],
  ["none", () => "accept: */*"],
])("A plain request whose Host header can be read in two ways is refused: %s", async (_what, headers) => {
  await using subject = await openSubject();
  const port = await subject.serve(createServer((_asked, answer) => answer.end("other")));
  const own = `mirror.test:${port}`;
  subject.allow.push(own);
  const socket = connect(subject.box.port(), "127.0.0.1");
  socket.end(`GET http://${own}/ HTTP/1.1\r\n${headers(own)}\r\nconnection: close\r\n\r\n`);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 40[03] /);
});

test("What was looked up and judged is what is dialled, by tunnels and by plain requests: nobody asks twice (row 40; DNS rebinding, CVE-2026-70357)", async () => {
  const asked: string[] = [];
  await using subject = await openSubject({
    async addresses(host) {
      asked.push(host);
      // Where the second answer leads, nobody listens.
      return { addresses: [{ address: asked.length % 2 === 1 ? "127.0.0.1" : "127.0.0.2", family: 4 }] };
    },
  });
  const port = await subject.serve(createServer((_asked, answer) => answer.end("the first")));
  subject.allow.push(`allowed.test:${port}`);
  const { socket } = await subject.tunnel(`allowed.test:${port}`);
  socket.end("GET / HTTP/1.1\r\nhost: allowed.test\r\nconnection: close\r\n\r\n");
  expect(await text(socket)).toContain("the first");
  expect(asked).toEqual(["allowed.test"]);
  expect(await subject.tunnel(`allowed.test:${port}`)).toMatchObject({ status: 502 });
  expect(await subject.plain(`http://allowed.test:${port}/`)).toEqual({ status: 200, body: "the first" });
  expect(asked).toHaveLength(3);
});

test("An allowed name at an address where nobody is led is refused, saying so (row 22; instance roles stolen by request forgery, as at Capital One in 2019)", async () => {
  await using subject = await openSubject({
    addresses: async (host) => ({ refused: `${host} is at 169.254.169.254.` }),
  });
  subject.allow.push("metadata.test", "metadata.test:80");
  const { status, body } = await subject.tunnel("metadata.test:443");
  expect(status).toBe(403);
  expect(body).toBe(
    "This workspace may not connect to metadata.test:443. metadata.test is at 169.254.169.254.\nNo rule changes that.\n",
  );
  expect((await subject.plain("http://metadata.test/latest/meta-data/")).status).toBe(403);
});

test("A refusal says the rule that would allow it, as it has to be written, and where there is none that too", async () => {
  await using subject = await openSubject({
    addresses: async (host) => ({ refused: `${host} is at a private address.`, asPrivate: true }),
  });
  subject.allow.push("nas.test:5000");
  await subject.tunnel("nas.test:5000");
  for (const target of [
    "nas.test:80",
    "10.0.0.5:443",
    "127.0.0.1:443",
    "169.254.169.254:80",
    "[::1]:443",
    "127.1:80",
  ]) {
    await subject.tunnel(target);
  }
  expect(subject.rules).toEqual([
    "nas.test:5000/private",
    "nas.test:80",
    "10.0.0.5/private",
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("A host that cannot be found is told so", async () => {
  await using subject = await openSubject({
    addresses: async () => Promise.reject(Object.assign(new Error("no"), { code: "ENOTFOUND" })),
  });
  subject.allow.push("lost.test");
  expect(await subject.tunnel("lost.test:443")).toMatchObject({
    status: 502,
    body: "lost.test cannot be found: ENOTFOUND.\n",
  });
});

test("A host where nothing listens is told so", async () => {
  await using subject = await openSubject();
  const server = createTcpServer();
  const port = await subject.serve(server);
  server.close();
  await once(server, "close");
  subject.allow.push(`closed.test:${port}`);
  expect(await subject.tunnel(`closed.test:${port}`)).toMatchObject({
    status: 502,
    body: "Nothing answers there: ECONNREFUSED.\n",
  });
});

test.each([
  "127.0.0.1",
  "[::1]",
  "0x7f.1",
  "2130706433",
  "127.1",
  "localhost",
  "169.254.169.254",
  "0xA9FEA9FE",
  "[::ffff:169.254.169.254]",
  "%61llowed.test",
  "allowed.test%00.evil.test",
  "allowed.test@evil.test",
  "evil.test#allowed.test",
])("The host %s is refused by a list that does not name it (row 40; odd forms of addresses)", async (host) => {
  await using subject = await openSubject();
  subject.allow.push("allowed.test");
  expect([400, 403]).toContain((await subject.tunnel(`${host}:443`)).status);
});

test("Whatever a program writes as its target, only what the list names is ever looked up (property; row 40)", async () => {
  const looked = new Set<string>();
  await using subject = await openSubject({
    async addresses(host) {
      looked.add(host);
      return { refused: "Only looked up." };
    },
  });
  subject.allow.push("allowed.test", "*.below.test");
  const part = fc.constantFrom(
    "allowed.test",
    "below.test",
    "a",
    ".",
    "%00",
    "%2e",
    "@",
    "#",
    "[",
    "]",
    "::1",
    "127.1",
    "0x",
    ":",
    "/",
    "\\",
    "?",
    "xn--",
    "\u00e9",
  );
  const target = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => `${parts.join("")}:443`);
  await fc.assert(
    fc.asyncProperty(target, async (written) => {
      const socket = connect(subject.box.port(), "127.0.0.1");
      socket.write(`CONNECT ${written} HTTP/1.1\r\nhost: x\r\n\r\n`, "latin1");
      const answer = await text(socket);
      expect(answer).toMatch(/^HTTP\/1\.1 (?:400|403) /);
    }),
    { numRuns: 300 },
  );
  for (const host of looked) expect(host).toMatch(/^(?:allowed\.test|(?:[a-z0-9.-]+\.)below\.test)$/);
});

test("What is no request of a proxy is answered and ended", async () => {
  await using subject = await openSubject();
  for (const nonsense of ["GET / HTTP/1.1\r\nhost: x\r\n\r\n", "\x16\x03\x01 nonsense\r\n\r\n"]) {
    const socket = connect(subject.box.port(), "127.0.0.1");
    socket.write(nonsense);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  }
});

test("A port that is taken is tried for again, and in the end another one is used", async () => {
  await using late = await openSubject({ taken: 3 });
  expect(late.port).toBe(7_392);
  await using other = await openSubject({ taken: 10 });
  expect(other.port).toBe(other.box.port());
});
