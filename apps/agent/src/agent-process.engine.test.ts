import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { spawnAgent, type AgentProcess } from "./testing/agent-process.ts";
import { tempDir } from "./testing/temp-dir.ts";

const started: AgentProcess[] = [];

function start(...args: Parameters<typeof spawnAgent>): AgentProcess {
  const agent = spawnAgent(...args);
  started.push(agent);
  return agent;
}

afterEach(async () => {
  for (const { child } of started) child.kill("SIGKILL");
  await Promise.all(started.splice(0).map(({ ended }) => ended));
});

function newDirectory(): string {
  const directory = tempDir();
  onTestFinished(() => directory[Symbol.dispose]());
  return join(directory.path, "config");
}

/** What an agent that could not start said, as the command line would get it. */
async function failure(agent: AgentProcess): Promise<{ code: string; message: string; next?: string }> {
  expect(await agent.ended).toBe(1);
  const line = agent
    .stderr()
    .split("\n")
    .find((text) => text.startsWith("{"));
  return JSON.parse(line ?? "{}") as { code: string; message: string };
}

test("a second agent on the same state is refused, naming the first one's process", async () => {
  const directory = newDirectory();
  const first = start(directory);
  const { url } = await first.healthy;
  const refused = await failure(start(directory));
  expect(refused.code).toBe("state_locked");
  expect(refused.message).toContain(String(first.child.pid));
  expect(refused.next).toContain(`kill ${first.child.pid}`);
  expect((await fetch(`${url}/health`)).status).toBe(200);
});

test("after a SIGKILL the next agent starts on what was left: lock, socket, state", async () => {
  const directory = newDirectory();
  const first = start(directory);
  const before = await first.healthy;
  first.child.kill("SIGKILL");
  expect(await first.ended).toBe("SIGKILL");
  const after = await start(directory).healthy;
  expect(after.socket).toBe(before.socket);
  expect((await fetch(`${after.url}/health`)).status).toBe(200);
});

test("under umask 000 everything is still private (code-server #7696)", async () => {
  const directory = newDirectory();
  const { socket } = await start(directory, {}, "000").healthy;
  const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
  expect(mode(directory)).toBe("700");
  for (const name of ["config.json", "state.db", "state.db-wal", "agent.log", "agent.lock", "agent.pid"]) {
    expect([name, mode(join(directory, name))]).toEqual([name, "600"]);
  }
  expect(mode(socket)).toBe("600");
});

test("a configuration directory too deep for a socket gets one elsewhere, just as private", async () => {
  const directory = join(newDirectory(), "d".repeat(60), "e".repeat(60));
  const { socket } = await start(directory).healthy;
  expect(socket).toMatch(/^\/tmp\/ws-\d+-[0-9a-f]{16}\/agent\.sock$/);
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  expect(statSync(join(socket, "..")).mode & 0o777).toBe(0o700);
});

test("SIGTERM ends it with open event streams, and takes the socket away", async () => {
  const directory = newDirectory();
  const agent = start(directory);
  const { url, socket } = await agent.healthy;
  const code = /#code=(\S+)/.exec(agent.stdout())?.[1];
  const exchanged = await fetch(`${url}/api/auth/exchange`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code }),
  });
  const { token } = (await exchanged.json()) as { token: string };
  const stream = await fetch(`${url}/api/events`, { headers: { authorization: `Bearer ${token}` } });
  const reader = stream.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBeDefined();
  agent.child.kill("SIGTERM");
  expect(await agent.ended).toBe(0);
  expect(agent.stderr()).toContain("going away; workspaces and their terminals go on");
  expect(() => statSync(socket)).toThrow();
});

test("a port that is taken is named, with the next step", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const agent = start(newDirectory(), { WS_PORT: String(port) });
  const refused = await failure(agent);
  expect(refused).toMatchObject({ code: "port_taken", message: expect.stringContaining(String(port)) as string });
  expect(refused.next).toContain("--port");
  expect(agent.stderr()).not.toContain("going away");
});

test("listening beyond this machine needs an explicit flag (Docker's unauthenticated TCP socket)", async () => {
  const refused = await failure(start(newDirectory(), { WS_HOST: "0.0.0.0" }));
  expect(refused.code).toBe("unsafe_listen");
  expect(refused.next).toContain("--insecure-listen");
});

test("it listens on loopback only (Docker's unauthenticated TCP socket)", async () => {
  const { url } = await start(newDirectory()).healthy;
  const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, "0");
  const listening = readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === "0A" && local?.endsWith(`:${port}`) === true);
  expect(listening.map(([, local]) => local)).toEqual([`0100007F:${port}`]);
  expect(readFileSync("/proc/net/tcp6", "utf8")).not.toMatch(new RegExp(`:${port} .* 0A `));
});

test("a broken configuration is refused with line and column and left as it is", async () => {
  const directory = newDirectory();
  mkdirSync(directory, { mode: 0o700 });
  const path = join(directory, "config.json");
  writeFileSync(path, '{\n  "port": ,\n}\n');
  expect((await failure(start(directory))).message).toContain(`${path}:2:11`);
  expect(readFileSync(path, "utf8")).toBe('{\n  "port": ,\n}\n');
});

test("a state of a newer version is refused, naming both", async () => {
  const directory = newDirectory();
  mkdirSync(directory, { mode: 0o700 });
  const db = new DatabaseSync(join(directory, "state.db"));
  db.exec("PRAGMA user_version = 999");
  db.close();
  const refused = await failure(start(directory));
  expect(refused).toMatchObject({ code: "state_newer", message: expect.stringMatching(/999.*\d/) as string });
});
