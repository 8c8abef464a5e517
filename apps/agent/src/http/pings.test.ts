import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { startTestAgent } from "../testing/test-agent.ts";

test("A WebSocket that pings and never reads is cut off, and its answers are not kept for it", async () => {
  await using agent = await startTestAgent();
  const { token } = await agent.local.tokens.create({ name: "writer", scope: "write" });
  const socket = connect({ port: agent.agent.port, host: "127.0.0.1" });
  const failed = new Promise((resolve) => socket.on("error", resolve));
  const lines = ["GET /exec/x HTTP/1.1", "Host: localhost", `Authorization: Bearer ${token}`, "Connection: Upgrade"];
  socket.write(
    `${[...lines, "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: eA=="].join("\r\n")}\r\n\r\n`,
  );
  await once(socket, "readable");
  // With the longest content that a ping has, under a mask that changes nothing.
  const ping = Buffer.concat([Buffer.of(0x89, 0x80 | 125), Buffer.alloc(4 + 125)]);
  const pings = Buffer.concat(Array.from({ length: 500 }, () => ping));
  const flood = (): void => {
    while (!socket.destroyed && socket.write(pings));
  };
  socket.on("drain", flood);
  flood();
  expect(await failed).toMatchObject({ code: expect.stringMatching(/EPIPE|ECONNRESET/) });
});
