import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { AgentProcess } from "../../support/agent-process.ts";

/** Asks for a stream and never reads what comes. */
export async function readNothing(
  agent: Pick<AgentProcess, "url" | "token">,
  path: string,
  headers: readonly string[] = [],
): Promise<Socket> {
  const { hostname, port, host } = new URL(agent.url);
  const socket = connect(Number(port), hostname);
  socket.pause();
  await once(socket, "connect");
  const lines = [`GET ${path} HTTP/1.1`, `host: ${host}`, `authorization: Bearer ${agent.token}`, ...headers];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  return socket;
}

/** Attaches to a terminal that is there, says that it will acknowledge what it reads, and never reads. */
export async function lookAway(agent: Pick<AgentProcess, "url" | "token">, workspace: string): Promise<Socket> {
  const socket = await readNothing(agent, `/terminal/${workspace}`, [
    "connection: Upgrade",
    "upgrade: websocket",
    "sec-websocket-version: 13",
    `sec-websocket-key: ${randomBytes(16).toString("base64")}`,
  ]);
  const text = Buffer.from(JSON.stringify({ type: "attach", create: false, cols: 80, rows: 24, ack: true }));
  // One whole text message, masked with zeros, which leave it as it is.
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]));
  return socket;
}
