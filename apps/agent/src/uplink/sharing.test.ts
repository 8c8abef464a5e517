import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { CLOSE, SUBPROTOCOL, TOKEN_SUBPROTOCOL } from "@ws/rpc-contract/frames";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { createFakeTerminals } from "../testing/fake-terminals.ts";
import { refusal } from "../testing/refusal.ts";
import { startTestAgent } from "../testing/test-agent.ts";

/** A hub, and a worker `desk` behind it with a workspace `demo` whose terminals `main` and `other` run. */
async function setUp(grant = "write") {
  const hub = await startTestAgent();
  onTestFinished(() => hub[Symbol.asyncDispose]());
  const { token } = await hub.local.workers.add({ name: "desk" });
  const terminals = createFakeTerminals();
  const worker = await startTestAgent({
    env: { WS_HUB_URL: hub.agent.url, WS_HUB_TOKEN: token, WS_HUB_GRANT: grant },
    adapters: () => ({ ...createFakeAdapters(), openTerminals: async () => terminals }),
  });
  onTestFinished(() => worker[Symbol.asyncDispose]());
  await worker.local.workspaces.create({ name: "demo" });
  for (const id of ["main", "other"]) await terminals.open({ id, size: { cols: 80, rows: 24 }, argv: ["sh"] });
  await expect.poll(async () => (await hub.local.workers.list())[0]?.hostname, { interval: 5 }).toBeDefined();
  const share = () => hub.local.workers.share({ worker: "desk", name: "demo", terminal: "main", ttlSeconds: 600 });

  /** As a page at the hub does it: the token beside the protocol for the hub, and as the first message for the worker. */
  function open(path: string, offered: string, first = offered) {
    const socket = new WebSocket(`${hub.agent.url.replace("http", "ws")}${path}`, [
      SUBPROTOCOL,
      `${TOKEN_SUBPROTOCOL}${offered}`,
    ]);
    onTestFinished(() => socket.terminate());
    socket.on("error", () => undefined);
    const frames: Record<string, unknown>[] = [];
    let text = "";
    socket.on("message", (data: Buffer, binary: boolean) => {
      if (binary) text += data.toString();
      else frames.push(JSON.parse(data.toString()) as Record<string, unknown>);
    });
    const closed = new Promise<number>((resolve) => socket.once("close", resolve));
    const refused = once(socket, "unexpected-response").then(
      ([, response]) => (response as IncomingMessage).statusCode,
      () => undefined,
    );
    socket.once("open", () => {
      socket.send(JSON.stringify({ type: "auth", token: first }));
      socket.send(JSON.stringify({ type: "attach", terminal: "main", cols: 80, rows: 24 }));
    });
    return { socket, frames, text: () => text, closed, refused };
  }
  return { hub, worker, terminals, share, open };
}

test("Who reaches only the hub watches a worker's terminal by its link: it sees that one, and types nothing", async () => {
  const { hub, worker, terminals, share, open } = await setUp();
  const { url, token, id } = await share();
  expect(url).toBe(`${hub.agent.url}/@desk/watch/demo/main#token=${token}`);
  const watcher = open("/on/desk/terminal/demo", token);
  await expect.poll(() => watcher.frames[0]).toMatchObject({ type: "attached", id: "main", readOnly: true });
  terminals.print("main", "shown");
  await expect.poll(watcher.text).toBe("shown");
  watcher.socket.send(Buffer.from("typed"));
  watcher.socket.send(JSON.stringify({ type: "resize", cols: 20, rows: 5 }));
  watcher.socket.send(JSON.stringify({ type: "ping" }));
  await expect.poll(() => watcher.frames.at(-1)).toEqual({ type: "pong" });
  expect(terminals.typed("main")).toBe("");
  expect(terminals.calls.filter((call) => call.startsWith("size"))).toEqual([]);
  // The worker knows who made the link, and that somebody looks.
  const audit = await worker.local.audit.list();
  expect(audit).toContainEqual(
    expect.objectContaining({ action: "terminals.share", who: expect.stringMatching(/^hub\/.*local$/) as string }),
  );
  expect(audit).toContainEqual(
    expect.objectContaining({ action: "terminal", outcome: "ok", who: expect.stringContaining(id) as string }),
  );
  expect(await worker.local.terminals.links({ name: "demo" })).toMatchObject([{ id, terminal: "main" }]);
  expect(JSON.stringify([await hub.local.tokens.list(), await hub.local.audit.list(), audit])).not.toContain(token);
});

test("The link opens nothing else, at the hub or behind it", async () => {
  const { hub, terminals, share, open } = await setUp();
  const { token } = await share();
  const { token: second } = await hub.local.workers.add({ name: "second" });
  expect(second).toBeDefined();
  await hub.local.workspaces.create({ name: "demo" });
  for (const path of [
    "/on/desk/exec/demo",
    "/on/desk/terminal/else",
    "/on/second/terminal/demo",
    "/on/nobody/terminal/demo",
  ]) {
    expect([path, await open(path, token).refused]).toEqual([path, expect.toBeOneOf([403, 404])]);
  }
  for (const path of ["/on/desk/rpc/info", "/on/desk/files/demo/x", "/on/desk/terminal/demo", "/rpc/workspaces/list"]) {
    const headers = { authorization: `Bearer ${token}` };
    const { status } = await hub.ask(path, { headers, method: path.includes("rpc") ? "POST" : "GET" });
    expect([path, status]).toEqual([path, expect.toBeOneOf([400, 401, 403, 404, 426])]);
  }
  const own = new WebSocket(`${hub.agent.url.replace("http", "ws")}/terminal/demo`, {
    headers: { authorization: `Bearer ${token}` },
  });
  own.on("error", () => undefined);
  const [, response] = (await once(own, "unexpected-response")) as [unknown, IncomingMessage];
  own.terminate();
  expect(response.statusCode).toBe(403);
  // Another terminal of the same workspace.
  const socket = open("/on/desk/terminal/demo", token);
  socket.socket.removeAllListeners("open");
  socket.socket.once("open", () => {
    socket.socket.send(JSON.stringify({ type: "auth", token }));
    socket.socket.send(JSON.stringify({ type: "attach", terminal: "other", cols: 80, rows: 24 }));
  });
  expect(await socket.closed).toBe(CLOSE.forbidden);
  expect(terminals.calls).toEqual(["open main sh", "open other sh"]);
});

test("Who is limited to something of the hub gets no link to a terminal of a worker, as it is led to none", async () => {
  const { hub, worker, share } = await setUp();
  const { token } = await hub.local.tokens.create({ name: "some", scope: "write", commands: ["git"] });
  const asked = { worker: "desk", name: "demo", terminal: "main" };
  expect(await refusal(hub.remote(token).workers.share(asked))).toBe("FORBIDDEN forbidden");
  expect(await worker.local.terminals.links({ name: "demo" })).toEqual([]);
  await share();
  expect(await worker.local.terminals.links({ name: "demo" })).toHaveLength(1);
});

test("No other token of the worker comes in through a link, whatever that may do", async () => {
  const { worker, share, open } = await setUp();
  const { token } = await share();
  const admin = await worker.local.tokens.create({ name: "admin", scope: "admin" });
  expect(await open("/on/desk/terminal/demo", token, admin.token).closed).toBe(CLOSE.forbidden);
  expect(await open("/on/desk/terminal/demo", token, "wst_wrong").closed).toBe(CLOSE.unauthorized);
  expect(await open("/on/desk/terminal/demo", admin.token).refused).toBe(401);
});

test.each(["at the worker", "at the hub", "through the hub"])(
  "Revoked %s, it ends at once and for good",
  async (where) => {
    const { hub, worker, share, open } = await setUp();
    const { token, id } = await share();
    const watcher = open("/on/desk/terminal/demo", token);
    await expect.poll(() => watcher.frames[0]).toMatchObject({ type: "attached" });
    if (where === "at the worker") await worker.local.terminals.unshare({ name: "demo", link: id });
    else if (where === "at the hub") await hub.local.tokens.revoke({ token: "watch desk: demo/main" });
    else {
      const { token: writer } = await hub.local.tokens.create({ name: "writer", scope: "write" });
      const answer = await hub.ask("/on/desk/rpc/terminals/unshare", {
        method: "POST",
        headers: { authorization: `Bearer ${writer}`, "content-type": "application/json" },
        body: JSON.stringify({ json: { name: "demo", link: id } }),
      });
      expect(answer.status).toBe(200);
    }
    expect(await watcher.closed).toBe(CLOSE.unauthorized);
    const again = open("/on/desk/terminal/demo", token);
    if (where === "at the hub") expect(await again.refused).toBe(401);
    else expect(await again.closed).toBe(CLOSE.unauthorized);
  },
);

test("What the worker does not let its hub do, it does not share, and says what would let it", async () => {
  const { hub, worker, share } = await setUp("read");
  await expect(share()).rejects.toMatchObject({
    code: "FORBIDDEN",
    data: { code: "forbidden", next: expect.stringContaining("--hub-grant write") as string },
  });
  expect((await worker.local.tokens.list()).length).toBe(0);
  expect((await hub.local.tokens.list()).some(({ name }) => name.startsWith("watch"))).toBe(false);
});

test("Of a terminal or a worker that is not there, and by who only reads at the hub, there is no link", async () => {
  const { hub, worker } = await setUp();
  const asked = { worker: "desk", name: "demo", terminal: "main" };
  await expect(hub.local.workers.share({ ...asked, terminal: "gone" })).rejects.toMatchObject({
    code: "NOT_FOUND",
    data: { code: "terminal_not_found" },
  });
  await expect(hub.local.workers.share({ ...asked, worker: "nobody" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  const { token } = await hub.local.tokens.create({ name: "reader", scope: "read" });
  await expect(hub.remote(token).workers.share(asked)).rejects.toMatchObject({ code: "FORBIDDEN" });
  await worker[Symbol.asyncDispose]();
  await expect.poll(async () => (await hub.local.workers.list())[0]?.state, { interval: 5 }).toBe("offline");
  await expect(hub.local.workers.share(asked)).rejects.toMatchObject({ data: { code: "worker_offline" } });
});
