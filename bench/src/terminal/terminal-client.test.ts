import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { CLOSE } from "@ws/rpc-contract/frames";
import { expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { attach } from "./terminal-client.ts";

/** An agent's side of one terminal: what it was sent, and a hand to answer with. */
async function fakeAgent(answer: (socket: WebSocket) => void) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const frames: Record<string, unknown>[] = [];
  const paths: (string | undefined)[] = [];
  let heard = (): void => undefined;
  server.on("connection", (socket, request) => {
    paths.push(request.url);
    socket.on("message", (data: Buffer, binary: boolean) => {
      frames.push(binary ? { bytes: data.toString() } : (JSON.parse(data.toString()) as Record<string, unknown>));
      if (frames.at(-1)?.["type"] === "attach") answer(socket);
      heard();
    });
  });
  return {
    frames,
    paths,
    worker: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: "a token" },
    async until(type: string): Promise<void> {
      while (!frames.some((frame) => frame["type"] === type)) await new Promise<void>((resolve) => (heard = resolve));
    },
    [Symbol.dispose]() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

const { signal } = new AbortController();
const attached = { type: "attached", terminal: "t", offset: 100, cols: 120, rows: 40, durable: true, skipped: 0 };

test("the token comes first, then what is wanted", async () => {
  using agent = await fakeAgent((socket) => socket.send(JSON.stringify(attached)));
  using client = await attach(agent.worker, "demo", { terminal: "t", command: ["cat"], since: 100, signal });
  expect(agent.paths).toEqual(["/terminal/demo"]);
  expect(agent.frames).toEqual([
    { type: "auth", token: "a token" },
    {
      type: "attach",
      terminal: "t",
      create: true,
      cols: 120,
      rows: 40,
      command: ["cat"],
      since: 100,
      ack: true,
      input: { id: expect.stringMatching(/^[0-9a-f]{32}$/) as string, sent: 0 },
    },
  ]);
  expect(client.offset).toBe(100);
});

test("a painted screen is passed on and does not move the offset; output does, and is acknowledged", async () => {
  using agent = await fakeAgent((socket) => {
    socket.send(JSON.stringify(attached));
    socket.send(JSON.stringify({ type: "screen", offset: 500, skipped: 0 }));
    socket.send(Buffer.from("the screen"));
    socket.send(Buffer.alloc(70_000));
  });
  using client = await attach(agent.worker, "demo", { terminal: "t", signal });
  const seen: [number, boolean][] = [];
  client.onBytes((bytes, painted) => void seen.push([bytes.length, painted]));
  await agent.until("ack");
  expect(seen).toEqual([
    [10, true],
    [70_000, false],
  ]);
  expect(client.offset).toBe(70_500);
  expect(agent.frames.at(-1)).toEqual({ type: "ack", offset: 70_500 });
});

test("a refusal is an error with the agent's words", async () => {
  using agent = await fakeAgent((socket) => {
    const problem = { type: "error", code: "workspace_not_found", message: "There is no workspace 'demo'." };
    socket.send(JSON.stringify(problem));
    socket.close(CLOSE.notFound);
  });
  const refused = attach(agent.worker, "demo", { terminal: "t", signal });
  await expect(refused).rejects.toThrow("workspace_not_found: There is no workspace 'demo'.");
});

test("an abort ends an attach that is not answered", async () => {
  const controller = new AbortController();
  using agent = await fakeAgent(() => controller.abort(new Error("interrupted")));
  const silent = attach(agent.worker, "demo", { terminal: "t", signal: controller.signal });
  await expect(silent).rejects.toThrow("interrupted");
});
