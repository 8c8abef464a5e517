import { once } from "node:events";
import { CLOSE } from "@ws/rpc-contract/frames";
import { WsError } from "@ws/workspace-core";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { MOST_CONNECTIONS } from "./ssh/crowd.ts";
import { ATTACH, recordOf, setUp, START } from "./testing/with-streams.ts";

describe("a name that goes to another workspace after the handshake (OpenClaw GHSA-rqpp)", () => {
  test.each(["", "?stranger"])("exec%s: the command runs where the token was judged for", async (how) => {
    const { store, asked, open } = await setUp();
    const client = await open(`/exec/alpha${how}`);
    if (how !== "") {
      client.say({ type: "auth", token: "x" });
      client.say({ type: "ack", bytes: 0 });
      client.socket.ping();
      await once(client.socket, "pong");
    }
    store.update(recordOf("ws-1", "moved"));
    store.update(recordOf("ws-2", "alpha"));
    client.say(START);
    await client.closed;
    expect(asked).toEqual(["run moved"]);
  });

  test.each([
    ["exec", START],
    ["terminal", ATTACH],
  ] as const)("%s: where the workspace is gone, nobody's is used instead", async (stream, first) => {
    const { store, asked, open } = await setUp();
    const client = await open(`/${stream}/alpha`);
    store.update({ ...recordOf("ws-1", "alpha"), phase: "cleaned_up" });
    store.update(recordOf("ws-2", "alpha"));
    client.say(first);
    expect(await client.frame("error")).toMatchObject({ code: "workspace_not_found" });
    expect(asked).toEqual([]);
  });

  test("terminal: viewers are shown the terminal of the workspace they were judged for", async () => {
    const { store, asked, terminals, streams, open } = await setUp();
    const client = await open("/terminal/alpha");
    store.update(recordOf("ws-1", "moved"));
    store.update(recordOf("ws-2", "alpha"));
    client.say(ATTACH);
    await client.frame("attached");
    expect(asked).toEqual(["terminals moved"]);
    expect([streams.viewers("ws-1", "main"), streams.viewers("ws-2", "main")]).toEqual([1, 0]);
    expect(terminals.calls).toEqual(["open main"]);
  });
});

test.each([
  ["exec", START],
  ["terminal", ATTACH],
] as const)("%s: a name that nothing has is answered with the nearest one", async (stream, first) => {
  const { open } = await setUp({ scope: "write" });
  const client = await open(`/${stream}/alph`);
  client.say(first);
  expect(await client.frame("error")).toEqual({
    type: "error",
    code: "workspace_not_found",
    message: "There is no workspace 'alph'.",
    next: "Did you mean 'alpha'? 'ws list' shows them all.",
  });
});

test("who may enter one workspace only is not told what another is called", async () => {
  const { store, open } = await setUp();
  const client = await open("/terminal/alpha");
  store.update({ ...recordOf("ws-1", "alpha"), phase: "cleaned_up" });
  store.update(recordOf("ws-2", "alphas"));
  client.say(ATTACH);
  const frame = await client.frame("error");
  expect(frame).toMatchObject({ code: "workspace_not_found", message: "There is no workspace 'alpha'." });
  expect(frame).not.toHaveProperty("next");
});

describe("a token that ends", () => {
  test.each(["", "?stranger"])("closes what it has open%s (OpenClaw GHSA-m8wm)", async (how) => {
    const { ending, open } = await setUp();
    const client = await open(`/terminal/alpha${how}`);
    if (how !== "") client.say({ type: "auth", token: "x" });
    client.say(ATTACH);
    await client.frame("attached");
    const reason = once(client.socket, "close");
    ending.abort(new WsError("unauthorized", { message: "The token has expired.", data: { reason: "expired" } }));
    expect(await client.closed).toBe(CLOSE.unauthorized);
    expect(String((await reason)[1])).toBe("expired");
  });

  test("cuts off within five seconds one who does not answer the closing", async () => {
    const { ending, clock, streams, open } = await setUp();
    const client = await open("/terminal/alpha");
    client.socket.pause();
    ending.abort(new WsError("unauthorized", { message: "The token was revoked.", data: {} }));
    for (let second = 0; second < 5; second += 1) {
      clock.advance(1_000);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => streams.connections()).toBe(0);
    client.socket.resume();
    await client.closed;
  });

  test("begins nothing that is asked for while its socket closes", async () => {
    const { ending, asked, open } = await setUp();
    const client = await open("/exec/alpha");
    ending.abort(new WsError("unauthorized", { message: "The token was revoked.", data: {} }));
    client.say(START);
    expect(await client.closed).toBe(CLOSE.unauthorized);
    expect(asked).toEqual([]);
  });
});

test("One who never says who it is is closed after five seconds (OpenClaw: sockets before the password)", async () => {
  const { clock, open } = await setUp();
  const client = await open("/terminal/alpha?stranger");
  clock.advance(4_999);
  client.socket.ping();
  await once(client.socket, "pong");
  expect(client.socket.readyState).toBe(WebSocket.OPEN);
  clock.advance(1);
  expect(await client.closed).toBe(CLOSE.unauthorized);
});

describe("where a rule names the commands that may be run", () => {
  const policy = [{ of: "token", name: "bot", rules: { commands: ["git"] } }] as const;

  test.each([
    ["exec", START],
    ["exec", { type: "start", command: ["sh", "-c", "git status; id"] }],
    ["exec", { type: "start", command: ["git", "status"], env: { GIT_PAGER: "sh" } }],
    ["terminal", ATTACH],
    ["terminal", { ...ATTACH, command: ["git", "log"] }],
    ["terminal", { ...ATTACH, create: false }],
  ] as const)("%s: %j begins nothing, is told why and is in the audit", async (stream, first) => {
    const { asked, audit, terminals, open } = await setUp({ policy });
    const client = await open(`/${stream}/alpha`);
    client.say(first);
    expect(await client.frame("error")).toMatchObject({ code: "command_not_allowed" });
    await client.closed;
    expect([asked, terminals.calls]).toEqual([[], []]);
    expect(audit).toMatchObject([{ who: "scoped", target: "alpha", outcome: "command_not_allowed" }]);
  });

  test("exec: one of them is run", async () => {
    const { asked, open } = await setUp({ policy });
    const client = await open("/exec/alpha");
    client.say({ type: "start", command: ["git", "status"], env: { CI: "1" } });
    await client.closed;
    expect(asked).toEqual(["run alpha"]);
  });
});

test("ssh: who has too many connections open is refused one more, and told so", async () => {
  const { crowd, open } = await setUp({ scope: "write" });
  const leave = Array.from({ length: MOST_CONNECTIONS }, () => crowd.enter("scoped"));
  const client = await open("/ssh/alpha");
  expect(await client.frame("error")).toMatchObject({ code: "too_many_requests" });
  expect(await client.closed).toBe(CLOSE.failed);
  leave[0]?.();
  // This one's place is free again once it is gone.
  for (const attempt of [1, 2]) {
    const next = await open("/ssh/alpha");
    expect([attempt, await next.frame("error")]).toMatchObject([attempt, { code: "internal" }]);
    await next.closed;
  }
});
