import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../run.ts";
import { createFakeIo } from "../testing/fake-io.ts";

const directory = mkdtempSync(join(tmpdir(), "ws-cli-"));
const socket = join(directory, "tailscaled.sock");
const servers: Server[] = [];
let port: number;
let state = "Running";

async function listen(
  answer: RequestListener,
  where: { path: string } | { host: string; port: number },
): Promise<Server> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(where, resolve));
  return server;
}

const says =
  (status: number, body: string): RequestListener =>
  (_request, response) =>
    void response.writeHead(status).end(body);
const healthy = (version: string): RequestListener => says(200, JSON.stringify({ status: "ok", version }));

beforeAll(async () => {
  const desk = await listen(healthy("1.2.3"), { host: "127.0.0.31", port: 0 });
  ({ port } = desk.address() as AddressInfo);
  await listen(healthy("1.2.4"), { host: "127.0.0.32", port });
  await listen(says(200, "<html>a printer</html>"), { host: "127.0.0.33", port });
  await listen(says(200, `{"status":"ok","version":"1","more":"${"x".repeat(10_000)}"}`), { host: "127.0.0.34", port });
  await listen(says(302, ""), { host: "127.0.0.35", port });
  await listen(healthy("9.9.9"), { host: "127.0.0.37", port });
  const node = (name: string, address: string, Online = true): [string, object] => [
    `nodekey:${name}`,
    { ID: name, HostName: name, DNSName: `${name}.tail1234.ts.net.`, TailscaleIPs: [address], Online },
  ];
  const Peer = Object.fromEntries([
    node("desk", "127.0.0.31"),
    node("box", "127.0.0.32"),
    node("printer", "127.0.0.33"),
    node("chatty", "127.0.0.34"),
    node("elsewhere", "127.0.0.35"),
    node("closed", "127.0.0.36"),
    node("away", "127.0.0.37", false),
    node("evil.test/@x", "127.0.0.37"),
  ]);
  await listen(
    (request, response) => {
      const isAsked = request.headers.host === "local-tailscaled.sock" && request.url === "/localapi/v0/status";
      response.writeHead(isAsked ? 200 : 403).end(JSON.stringify({ BackendState: state, Self: null, Peer }));
    },
    { path: socket },
  );
  writeFileSync(
    join(directory, "client.json"),
    JSON.stringify({
      worker: "my-desk",
      workers: { "my-desk": { url: `https://desk:${port}`, token: "T", pin: "P" } },
    }),
  );
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(directory, { recursive: true });
});

async function discover(...more: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = createFakeIo({ WS_CONFIG_DIR: directory, WS_TAILNET_SOCKET: socket });
  const code = await run(["worker", "discover", "--port", String(port), ...more], io);
  return { code, out: io.out(), err: io.err() };
}

test("machines of the tailnet that answer as workers are listed, with what this device calls them", async () => {
  const { code, out } = await discover("--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual([
    // What it is called is no name, and so it is known by its address.
    { name: "127.0.0.37", url: `http://127.0.0.37:${port}`, version: "9.9.9" },
    { name: "box", url: `http://box:${port}`, version: "1.2.4" },
    { name: "desk", url: `http://desk:${port}`, version: "1.2.3", known: "my-desk" },
  ]);
  const shown = await discover();
  expect(shown.out).toMatch(/^NAME +ADDRESS +VERSION +KNOWN AS\n/);
  expect(shown.out).toMatch(/desk +http:\/\/desk:\d+ +1\.2\.3 +my-desk\n/);
  expect(shown.err).toContain("ws config set worker");
});

test("a device in no tailnet, or without its daemon, is told what to do", async () => {
  state = "NeedsLogin";
  const signedOut = await discover();
  state = "Running";
  expect(signedOut).toMatchObject({ code: 5, out: "" });
  expect(signedOut.err).toContain("in no tailnet now: its Tailscale daemon says NeedsLogin");
  const io = createFakeIo({ WS_CONFIG_DIR: directory, WS_TAILNET_SOCKET: join(directory, "none") });
  expect(await run(["worker", "discover", "--json"], io)).toBe(5);
  expect(io.err()).toContain("tailnet_unavailable");
});
