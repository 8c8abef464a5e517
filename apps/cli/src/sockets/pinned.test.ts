import { readFileSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFakeIo } from "../testing/fake-io.ts";
import { startLocalAgent, type LocalAgent } from "../testing/local-agent.ts";
import { passOn } from "../testing/pass-on.ts";
import { run } from "../run.ts";

let agent: LocalAgent;
let other: LocalAgent;
let token: string;
let pin: string;
let url: string;
const servers: Server[] = [];

beforeAll(async () => {
  [agent, other] = await Promise.all([startLocalAgent({ WS_TLS: "self" }), startLocalAgent({ WS_TLS: "self" })]);
  token = JSON.parse((await agent.ws(["token", "create", "laptop", "--json"])).out).token;
  const listening = JSON.parse((await agent.ws(["doctor", "--json"])).out).find(
    ({ id }: { id: string }) => id === "listening",
  );
  pin = /[\w-]{43}/.exec(listening.message)?.[0] ?? "";
  url = agent.url.replace("http:", "https:");
}, 60_000);
afterAll(async () => {
  for (const server of servers) server.close();
  await Promise.all([agent[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
});

async function ws(
  argv: readonly string[],
  surroundings: Record<string, string>,
): Promise<{ code: number; out: string; err: string }> {
  const io = createFakeIo({
    WS_CONFIG_DIR: join(agent.directory, "elsewhere"),
    WS_TOKEN: token,
    WS_WORKER: url,
    ...surroundings,
  });
  const code = await run(argv, io);
  return { code, out: io.out(), err: io.err() };
}

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Leads each connection to the agent and writes down every byte of it. */
function recorder(): { server: Server; bytes: () => Buffer } {
  const seen: Buffer[] = [];
  const server = createServer((near) => {
    const far = connect(Number(new URL(url).port), "127.0.0.1");
    passOn(near, far, (bytes) => seen.push(bytes));
  });
  return { server, bytes: () => Buffer.concat(seen) };
}

test("with the pin, calls, commands and files pass by TLS, and who copies every byte has no token (row 13, plain HTTP sniffed)", async () => {
  const { server, bytes } = recorder();
  const through = { WS_WORKER: `https://127.0.0.1:${await listening(server)}`, WS_PIN: pin };
  expect(await ws(["start", "demo"], through)).toMatchObject({ code: 0 });
  expect(await ws(["exec", "demo", "--", "echo", "by TLS"], through)).toMatchObject({ code: 0, out: "by TLS\n" });
  writeFileSync(join(agent.directory, "a.txt"), "content");
  const put = await ws(["file", "put", "demo", "a.txt", join(agent.directory, "a.txt")], through);
  expect(put).toMatchObject({ code: 0 });
  expect((await ws(["file", "get", "demo", "a.txt", "-"], through)).out).toBe("content");
  const seen = bytes();
  expect(seen.length).toBeGreaterThan(1_000);
  expect(seen[0]).toBe(22);
  for (const secret of [token, "echo", "by TLS", "content"]) expect(seen.includes(secret)).toBe(false);
});

test("somebody between with another certificate gets not one byte of the request (man in the middle)", async () => {
  const asked: Buffer[] = [];
  const directory = join(other.configDirectory, "tls");
  const relay = createTlsServer(
    { cert: readFileSync(join(directory, "worker.crt")), key: readFileSync(join(directory, "worker.key")) },
    (near) => {
      const far = connect(Number(new URL(agent.url).port), "127.0.0.1");
      near.on("data", (bytes: Buffer) => asked.push(bytes)).on("error", () => far.destroy());
      near.pipe(far).pipe(near);
      far.on("error", () => near.destroy());
    },
  );
  const through = { WS_WORKER: `https://127.0.0.1:${await listening(relay)}` };
  for (const argv of [["list"], ["exec", "demo", "--", "true"], ["file", "get", "demo", "a.txt", "-"]]) {
    const refused = await ws(argv, { ...through, WS_PIN: pin });
    expect(refused).toMatchObject({ code: expect.any(Number), out: "" });
    expect(refused.err).toContain("has another key than when this device was paired with it");
    expect((await ws([...argv], through)).err).toContain("no reason to trust the certificate");
  }
  expect(asked).toEqual([]);
});

test("without a pin a certificate that no authority has signed is refused, and how to pair is told", async () => {
  const refused = await ws(["list", "--json"], {});
  expect(refused).toMatchObject({ code: 6, out: "" });
  expect(refused.err).toContain("worker_untrusted");
  expect(refused.err).toContain("ws pair");
  expect(await ws(["list"], { WS_PIN: "" })).toMatchObject({ code: 6 });
});

test("a worker that is known by its key is not spoken to at an address without TLS", async () => {
  const { server, bytes } = recorder();
  const through = { WS_WORKER: `http://127.0.0.1:${await listening(server)}`, WS_PIN: pin };
  for (const argv of [["list"], ["exec", "demo", "--", "true"]]) {
    const refused = await ws(argv, through);
    expect(refused.code).toBe(argv[0] === "exec" ? 125 : 6);
    expect(refused.err).toContain("this address has none");
  }
  expect(bytes()).toHaveLength(0);
});

test("what answers without TLS, or not at all, is told apart", async () => {
  await using plain = await startLocalAgent();
  const spoken = await ws(["list"], { WS_WORKER: plain.url.replace("http:", "https:"), WS_PIN: pin });
  expect(spoken).toMatchObject({ code: 5 });
  expect(spoken.err).toContain("does not speak TLS");
  const port = await listening(createServer());
  servers.pop()?.close();
  const silent = await ws(["list"], { WS_WORKER: `https://127.0.0.1:${port}`, WS_PIN: pin });
  expect(silent).toMatchObject({ code: 5 });
  expect(silent.err).toContain("does not answer (ECONNREFUSED)");
});
