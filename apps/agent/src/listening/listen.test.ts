import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../store/database.ts";
import { MIGRATIONS } from "../store/migrations.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { startTestAgent } from "../testing/test-agent.ts";

test("one that listens everywhere asks for a token at every address, a bridge's gateway included (row 15, call from a container)", async () => {
  await using everywhere = await startTestAgent({ listen: "0.0.0.0", insecureListen: true });
  const { token } = await everywhere.local.tokens.create({ name: "good", scope: "read" });
  // Nobody answers at a second loopback address unless every address is listened on.
  await atEach(["127.0.0.2", ...outside()], async (address, signal) => {
    const ask = async (path: string, headers: Record<string, string> = {}): Promise<[string, number]> => {
      const url = `http://${address}:${everywhere.agent.port}${path}`;
      const answer = await fetch(url, { method: path === "/health" ? "GET" : "POST", headers, signal });
      await answer.arrayBuffer();
      return [address, answer.status];
    };
    expect(await ask("/health")).toEqual([address, 200]);
    expect(await ask("/rpc/info")).toEqual([address, 401]);
    expect(await ask("/rpc/info", { "tailscale-user-login": "owner@x.test" })).toEqual([address, 401]);
    expect(await ask("/rpc/workspaces/list")).toEqual([address, 401]);
    expect(await ask("/rpc/workspaces/list", { authorization: `Bearer ${token}` })).toEqual([address, 200]);
  });
});

test("one that listens as it does by itself answers at no address but loopback", async () => {
  await using agent = await startTestAgent();
  await atEach(["127.0.0.2", ...outside()], async (address, signal) => {
    const socket = connect(agent.agent.port, address);
    try {
      const [error] = (await once(socket, "error", { signal })) as [NodeJS.ErrnoException];
      expect([address, error.code]).toEqual([address, "ECONNREFUSED"]);
    } finally {
      socket.destroy();
    }
  });
  expect((await agent.ask("/health")).status).toBe(200);
});

test("an address beyond this machine is refused without TLS, with every way to go on (row 13, plain HTTP sniffed)", async () => {
  await expect(startTestAgent({ listen: "0.0.0.0" })).rejects.toMatchObject({
    code: "unsafe_listen",
    next: expect.stringMatching(/--listen 0\.0\.0\.0 --tls.*ssh -L.*--insecure-listen/),
  });
});

test.each([
  ["port_taken", { sitsOn: true }],
  ["unsafe_listen", { listen: "0.0.0.0" }],
  ["config_invalid", { tls: { mode: "files", cert: "/nowhere/cert.pem", key: "/nowhere/key.pem" } }],
])(
  "one that cannot listen (%s) leaves the state in the form in which the former version knows it",
  async (code, how) => {
    using directory = tempDir();
    const path = join(directory.path, "state.db");
    openDatabase(path, createSilentLog(), MIGRATIONS.slice(0, 1)).close();
    const { sitsOn, ...options } = { sitsOn: false, ...how };
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const port = sitsOn ? (server.address() as AddressInfo).port : 0;
    const start = startTestAgent({ configDirectory: directory.path, port, ...options });
    await expect(start).rejects.toMatchObject({ code });
    using db = new DatabaseSync(path);
    expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: 1 });
  },
);

test("no setting is taken with which the next start would listen readably, or could not listen", async () => {
  await using agent = await startTestAgent();
  const { settings } = agent.local.config;
  const refused = { code: "BAD_REQUEST", data: { code: "invalid_input" } };
  await expect(settings.set({ key: "host", value: "0.0.0.0" })).rejects.toMatchObject(refused);
  await expect(settings.set({ key: "tls.mode", value: "files" })).rejects.toMatchObject(refused);
  await expect(settings.set({ key: "tls.clientCa", value: "/nowhere/ca.pem" })).rejects.toMatchObject(refused);
  await settings.set({ key: "tls.mode", value: "self" });
  await settings.set({ key: "host", value: "0.0.0.0" });
  await expect(settings.unset({ key: "tls.mode" })).rejects.toMatchObject(refused);
  await settings.unset({ key: "host" });
  await settings.unset({ key: "tls.mode" });
});

function outside(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => address);
}

/** Tests of an engine make and remove bridges meanwhile: of an address that is gone, nothing is expected. */
async function atEach(
  addresses: readonly string[],
  check: (address: string, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  await Promise.all(
    addresses.map(async (address) => {
      try {
        // What is asked of an address that is gone may go elsewhere and never be answered.
        await check(address, AbortSignal.timeout(10_000));
      } catch (error) {
        if (address.startsWith("127.") || outside().includes(address)) throw error;
      }
    }),
  );
}
