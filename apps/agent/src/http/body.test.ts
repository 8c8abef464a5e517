import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bearer, json } from "../testing/headers.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;
let good: string;

beforeAll(async () => {
  agent = await startTestAgent();
  good = (await agent.local.tokens.create({ name: "good", scope: "admin" })).token;
});
afterAll(() => agent[Symbol.asyncDispose]());

describe("bodies", () => {
  const post = (body: string, path = "/rpc/workspaces/create") =>
    agent.ask(path, { method: "POST", headers: { ...json, ...bearer(good) }, body });

  test.each([
    '{"json":{"__proto__":{"x":1}}}',
    '{"json":{"name":"a","env":{"__proto__":{"x":1}}}}',
    '{"json":{"constructor":{"prototype":{"x":1}}}}',
    '{"json":{"name":"a"},"meta":[["x"]],"__proto__":{"x":1}}',
  ])("%s is refused and pollutes nothing (oRPC CVE-2026-28794)", async (body) => {
    expect((await post(body)).status).toBe(400);
    expect((await agent.ask("/api/workspaces?__proto__[x]=1", { headers: bearer(good) })).status).toBe(400);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  test("what is not JSON, or nested absurdly, is refused", async () => {
    expect((await post("{")).status).toBe(400);
    expect((await post("[".repeat(500_000))).status).toBe(400);
  });

  test.each(["announced", "chunked and unannounced"])(
    "what is too large, %s, is refused with the reason and not read on",
    async (how) => {
      const offered = 64 * MIB;
      const { status, text, taken } = await pour(offered, how === "announced");
      expect([status, JSON.parse(text)]).toEqual([
        413,
        { json: expect.objectContaining({ code: "PAYLOAD_TOO_LARGE", data: { code: "body_too_large" } }) as object },
      ]);
      // What the kernel holds of a connection on both sides is beyond the agent's reach.
      expect(taken).toBeLessThan(offered / 4);
      expect((await agent.ask("/health")).status).toBe(200);
    },
  );
});

const MIB = 1024 * 1024;

/** Sends a body for as long as it is taken; the answer, and how many bytes went. */
async function pour(size: number, announced: boolean): Promise<{ status: number; text: string; taken: number }> {
  const socket = connect(agent.agent.port, "127.0.0.1");
  let text = "";
  let failed = false;
  socket.setEncoding("utf8").on("data", (data: string) => (text += data));
  // A close with unread bytes in it is a reset; what was answered before it has been read by then.
  socket.on("error", () => (failed = true));
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const head = [
    "POST /rpc/workspaces/create HTTP/1.1",
    "Host: 127.0.0.1",
    `Authorization: Bearer ${good}`,
    "Content-Type: application/json",
    announced ? `Content-Length: ${size}` : "Transfer-Encoding: chunked",
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  // A length that is too large is enough: the refusal does not wait for a single byte.
  if (announced) await once(socket, "data");
  const piece = " ".repeat(64 * 1024);
  const part = announced ? piece : `${piece.length.toString(16)}\r\n${piece}\r\n`;
  let taken = 0;
  while (taken < size && !failed && socket.writable) {
    if (!socket.write(part)) await Promise.race([once(socket, "drain").catch(() => undefined), closed]);
    taken += piece.length;
  }
  await closed;
  const [answer = "", body = ""] = text.split("\r\n\r\n");
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]), text: body, taken };
}
