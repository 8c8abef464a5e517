import { once } from "node:events";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { createFakeTerminals, type FakeTerminals } from "../testing/fake-terminals.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;
let terminals: FakeTerminals;

beforeEach(async () => {
  terminals = createFakeTerminals();
  const adapters = { ...createFakeAdapters(), openTerminals: async () => terminals };
  agent = await startTestAgent({ adapters: () => adapters });
  onTestFinished(() => agent[Symbol.asyncDispose]());
  await agent.local.workspaces.create({ name: "demo" });
});

/** Somebody who looks: all text frames so far, and the bytes. */
async function look(attach: object, token?: string) {
  const bearer = token ?? (await agent.local.tokens.create({ name: "viewer", scope: "write" })).token;
  const socket = new WebSocket(`${agent.agent.url.replace("http", "ws")}/terminal/demo`, {
    headers: { authorization: `Bearer ${bearer}` },
  });
  onTestFinished(() => socket.terminate());
  const frames: Record<string, unknown>[] = [];
  let text = "";
  socket.on("message", (data: Buffer, binary: boolean) => {
    if (binary) text += data.toString();
    else frames.push(JSON.parse(data.toString()) as Record<string, unknown>);
  });
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "attach", cols: 80, rows: 24, ...attach }));
  await expect.poll(() => frames[0]).toBeDefined();
  return { socket, frames, text: () => text };
}

test("Who looks at a terminal goes on when it is renamed, comes back by its id, and its old name is free for another", async () => {
  const first = await look({ terminal: "main" });
  expect(first.frames[0]).toMatchObject({ type: "attached", terminal: "main", id: "main" });
  const renamed = await agent.local.terminals.rename({ name: "demo", terminal: "main", newName: "build" });
  expect(renamed).toMatchObject({ id: "main", name: "build", viewers: 1 });
  terminals.print("main", "still here");
  await expect.poll(first.text).toBe("still here");
  expect(first.frames).toHaveLength(1);

  const back = await look({ id: "main" });
  expect(back.frames[0]).toMatchObject({ type: "attached", terminal: "build", id: "main" });
  const byName = await look({ terminal: "build", create: false });
  expect(byName.frames[0]).toMatchObject({ terminal: "build", id: "main" });
  const other = await look({ terminal: "main" });
  expect(other.frames[0]).toMatchObject({ terminal: "main", id: expect.stringMatching(/^main-/) as string });
  expect((await agent.local.terminals.list({ name: "demo" })).map(({ name, viewers }) => [name, viewers])).toEqual([
    ["build", 3],
    ["main", 1],
  ]);
  expect((await agent.local.audit.list()).find(({ action }) => action === "terminals.rename")).toMatchObject({
    target: "demo",
    details: { terminal: "main", newName: "build" },
  });
});

test("A name in use, what is no name, and a terminal that is gone are refused, each with its own error", async () => {
  await look({ terminal: "main" });
  await look({ terminal: "build" });
  const rename = (terminal: string, newName: string) =>
    agent.local.terminals.rename({ name: "demo", terminal, newName });
  await expect(rename("main", "build")).rejects.toMatchObject({ code: "CONFLICT", data: { code: "name_taken" } });
  for (const [wrong, instead] of [
    ["Not a name!", "Try 'not-a-name'."],
    ["!", "Try a name such as 'build'."],
    ["B".repeat(40), `Try '${"b".repeat(32)}'.`],
  ] as const) {
    await expect(rename("main", wrong)).rejects.toMatchObject({ code: "BAD_REQUEST", data: { next: instead } });
  }
  await expect(rename("gone", "x")).rejects.toMatchObject({ code: "NOT_FOUND", data: { code: "terminal_not_found" } });
  const { token } = await agent.local.tokens.create({ name: "reader", scope: "read" });
  await expect(
    agent.remote(token).terminals.rename({ name: "demo", terminal: "main", newName: "x" }),
  ).rejects.toMatchObject({ code: "FORBIDDEN" });
});

test("Who shares what is not there is told to open one where there is none, and where to see them otherwise", async () => {
  const share = () => agent.local.terminals.share({ name: "demo", terminal: "build" });
  await expect(share()).rejects.toMatchObject({ data: { next: "Open one first: ws shell demo." } });
  await look({ terminal: "main" });
  await expect(share()).rejects.toMatchObject({ data: { next: "See them: ws terminal list demo." } });
});

test("A link shows the terminal that it was made for, whatever has its name", async () => {
  await look({ terminal: "main" });
  const { token } = await agent.local.terminals.share({ name: "demo", terminal: "main" });
  await agent.local.terminals.rename({ name: "demo", terminal: "main", newName: "build" });
  const other = await look({ terminal: "main" });
  const { id } = other.frames[0] as { id: string };
  terminals.print(id, "not shared");
  terminals.print("main", "shared");
  const watcher = await look({ terminal: "main" }, token);
  await expect.poll(watcher.text).toContain("shared");
  expect(watcher.frames[0]).toMatchObject({ terminal: "build", readOnly: true });
  expect(watcher.text()).not.toContain("not shared");
});

test("What a program calls what it does is listed as text, and told on, not at each change (row 8, OSC)", async () => {
  await look({ terminal: "main" });
  terminals.print("main", "\u001b]0;~/shop: vim\u0007");
  const titles = async () => (await agent.local.terminals.list({ name: "demo" })).map(({ title }) => title);
  await expect.poll(titles).toEqual(["~/shop: vim"]);
  terminals.print("main", "\u001b]2;a\u202E<b>\u0007");
  await expect.poll(titles).toEqual(["a\uFFFD<b>"]);
  for (let round = 0; round < 500; round += 1) terminals.print("main", `\u001b]2;round ${round}\u0007`);
  await expect.poll(titles).toEqual(["round 499"]);
  expect(terminals.calls.filter((call) => call.startsWith("titled")).length).toBeLessThanOrEqual(2);
});
