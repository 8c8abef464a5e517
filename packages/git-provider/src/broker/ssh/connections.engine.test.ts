import type { ClientChannel } from "ssh2";
import { expect, test } from "vitest";
import { type SshGitServer, startSshGitServer } from "../../testing/ssh-git-server.ts";
import { createSshConnections, type SshConnections } from "./connections.ts";

const ADDRESSES = [{ address: "127.0.0.1", family: 4 }];
const timeouts = { connectMs: 15_000, idleMs: 300_000 };
const network = { knownHosts: async () => "", timeouts };

test("a server that takes one command a connection gets another connection, and what the first one does goes on", async () => {
  await using server = await startSshGitServer({ single: true });
  using connections = createSshConnections(network);
  const first = await start(connections, server);
  const second = await start(connections, server);
  expect(server.connections()).toBe(2);
  expect(await echo(first.channel)).toBe("hello");
  expect(await echo(second.channel)).toBe("hello");
});

test("a host with several addresses is reached at the one that answers", async () => {
  await using server = await startSshGitServer();
  using connections = createSshConnections(network);
  const host = { host: "forge.test", addresses: [{ address: "::1", family: 6 }, ...ADDRESSES] };
  const { channel } = await start(connections, server, host);
  expect(await echo(channel)).toBe("hello");
});

test("connections that another took the place of end with the rest", async () => {
  await using server = await startSshGitServer({ single: true });
  const connections = createSshConnections(network);
  const started = await Promise.all([start(connections, server), start(connections, server)]);
  started.push(await start(connections, server));
  expect(started.map(({ isCut }) => isCut())).toEqual([false, false, false]);
  connections[Symbol.dispose]();
  expect(started.map(({ isCut }) => isCut())).toEqual([true, true, true]);
});

test("who gives up waiting for a server that never says whether it takes a command is let go", async () => {
  await using server = await startSshGitServer({ mute: true });
  using connections = createSshConnections(network);
  const ending = new AbortController();
  const started = start(connections, server, { signal: ending.signal });
  await expect.poll(() => server.commands).toEqual(["cat"]);
  ending.abort(new Error("enough"));
  await expect(started).rejects.toThrow("enough");
});

async function start(
  connections: SshConnections,
  { port, privateKey, hostKey }: SshGitServer,
  { host = "127.0.0.1", addresses = ADDRESSES, signal = new AbortController().signal } = {},
): Promise<{ channel: ClientChannel; isCut: () => boolean }> {
  const place = { authority: { host, port }, user: "git", path: "/" };
  const about = { id: "deploy", type: "ssh_key", provider: host, host } as const;
  const secret = { ...about, privateKey, hostKeys: [hostKey] };
  const options = { place, addresses, secret, command: "cat", env: {}, signal };
  return connections.start(options);
}

async function echo(channel: ClientChannel): Promise<string> {
  channel.end("hello");
  let text = "";
  for await (const chunk of channel as AsyncIterable<Buffer>) text += chunk.toString();
  return text;
}
