import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { safe } from "@orpc/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;

beforeAll(async () => {
  agent = await startTestAgent();
  await agent.local.workspaces.create({ name: "alpha" });
});
afterAll(() => agent[Symbol.asyncDispose]());

/** Reads to the end; the wire code, the domain code and the sentence with which it ended. */
async function endOf(stream: AsyncIterable<unknown>): Promise<string> {
  try {
    for await (const _item of stream);
    return "no reason";
  } catch (error) {
    const { code, data, message } = error as { code: string; data: { code: string }; message: string };
    return `${code} ${data.code}: ${message}`;
  }
}

describe("what a token has open when it ends (OpenClaw GHSA-m8wm: a revoked token stayed good)", () => {
  test.each(["events", "followLogs"] as const)("%s ends when it is revoked, and says why", async (stream) => {
    const { token, id } = await agent.local.tokens.create({ name: "doomed" });
    const open = await agent.remote(token).workspaces[stream]({ name: "alpha" });
    const end = endOf(open);
    await agent.local.tokens.revoke({ token: id });
    expect(await end).toBe("UNAUTHORIZED unauthorized: The token was revoked.");
  });

  test("a stream over the plain API tells the same as one over RPC, ends when it is revoked, and says why", async () => {
    const { token, id } = await agent.local.tokens.create({ name: "doomed" });
    const answer = await fetch(`${agent.agent.url}/api/events?name=alpha`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const [, told] = await Promise.all([agent.local.tokens.revoke({ token: id }), answer.text()]);
    const [first = "", ...others] = told.split("\n\n").filter((event) => event.startsWith("event: "));
    const events = await agent.local.workspaces.events({ name: "alpha" });
    const { value } = await events.next();
    await events.return?.();
    expect(JSON.parse(first.replace("event: message\ndata: ", ""))).toEqual(value);
    expect(others.at(-1)).toMatch(/^event: error\ndata: .*"code":"UNAUTHORIZED".*The token was revoked\./);
  });

  test("a call whose body is still coming when it is revoked is not done any more", async () => {
    const { token, id } = await agent.local.tokens.create({ name: "doomed", scope: "admin" });
    const body = '{"json":{"name":"made-late","scope":"admin"}}';
    const socket = connect(agent.agent.port, "127.0.0.1");
    const lines = ["POST /rpc/tokens/create HTTP/1.1", "host: localhost", `authorization: Bearer ${token}`];
    lines.push(
      "content-type: application/json",
      `content-length: ${body.length}`,
      "connection: close",
      "expect: 100-continue",
    );
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    // It has been let in as far as its body.
    await once(socket, "data");
    socket.write(body.slice(0, -1));
    await agent.local.tokens.revoke({ token: id });
    socket.write(body.slice(-1));
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 401 [\s\S]*The token was revoked\./);
    expect((await agent.local.tokens.list()).map(({ name }) => name)).not.toContain("made-late");
  });

  test("watched files end when it is revoked, and say why", async () => {
    const { token, id } = await agent.local.tokens.create({ name: "doomed" });
    const end = endOf(await agent.remote(token).files.watch({ name: "alpha" }));
    await agent.local.tokens.revoke({ token: id });
    expect(await end).toBe("UNAUTHORIZED unauthorized: The token was revoked.");
  });

  test("events end when it expires, and say why", async () => {
    const { token } = await agent.local.tokens.create({ name: "short", ttlSeconds: 1 });
    const open = await agent.remote(token).workspaces.events();
    expect(await endOf(open)).toBe("UNAUTHORIZED unauthorized: The token has expired.");
  });

  test("a command under way is ended with its token", async () => {
    const { token, id } = await agent.local.tokens.create({ name: "doomed" });
    const before = (await agent.local.audit.list()).length;
    const running = safe(agent.remote(token).workspaces.exec({ name: "alpha", command: "sleep" }));
    // Its token is known once it was used.
    await expect
      .poll(async () => (await agent.local.tokens.list()).find((known) => known.id === id)?.lastUsed)
      .toBeDefined();
    await agent.local.tokens.revoke({ token: id });
    const { error } = await running;
    expect(error).toMatchObject({ code: "UNAUTHORIZED", message: "The token was revoked." });
    expect((await agent.local.audit.list()).slice(0, -before)).toContainEqual(
      expect.objectContaining({ action: "workspaces.exec", outcome: "unauthorized" }),
    );
  });

  test("what others have open goes on", async () => {
    const { token, id } = await agent.local.tokens.create({ name: "doomed" });
    const other = await agent.local.tokens.create({ name: "other" });
    const stays = await agent.remote(other.token).workspaces.events();
    const first = await stays.next();
    expect(first.value).toMatchObject({ type: "snapshot" });
    const end = endOf(await agent.remote(token).workspaces.events());
    await agent.local.tokens.revoke({ token: id });
    await end;
    await agent.local.workspaces.touch({ name: "alpha" });
    expect((await stays.next()).value).toMatchObject({ type: "changed" });
    await stays.return?.();
  });
});
