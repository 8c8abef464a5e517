import { once } from "node:events";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { serveWorker } from "./example.ts";
import { answerTools } from "./http.ts";
import { fakeAgent } from "./testing/fake-agent.ts";

/** The client's end of the streams: a message out, the answer to it back. */
function connect(client: Parameters<typeof serveWorker>[0]) {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const lines = createInterface({ input: stdout });
  const ended = serveWorker(client, { stdin, stdout } as unknown as typeof process);
  let id = 0;
  return {
    stdin,
    ended,
    async ask(method: string, params: object = {}): Promise<unknown> {
      const answer = once(lines, "line");
      stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: (id += 1), method, params })}\n`);
      return JSON.parse(String((await answer)[0]));
    },
  };
}

const HELLO = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } };

test("the example in the README serves the tools that the caller may use, until its input ends", async () => {
  const { client } = fakeAgent({ who: "ci (tok-1)", scope: "read" });
  const { ask, stdin, ended } = connect(client);
  expect(await ask("initialize", HELLO)).toMatchObject({
    result: { serverInfo: { name: "workspace" }, instructions: expect.stringContaining("workspace_clone") as string },
  });
  stdin.write(`${JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })}\n`);
  const { result } = (await ask("tools/list")) as { result: { tools: { name: string }[] } };
  expect(result.tools.map(({ name }) => name)).toContain("workspace_list");
  expect(result.tools.map(({ name }) => name)).not.toContain("workspace_remove");
  stdin.end();
  await ended;
});

test.each([["fetch"], ["publish"]] as const)("a %s token is told of no tool that it does not have", async (kind) => {
  const handler = { kind, settings: {} } as never;
  const { client } = fakeAgent({ who: "ci (tok-1)", scope: "workspace", workspace: "demo", handler });
  const { ask, stdin, ended } = connect(client);
  const { result } = (await ask("initialize", HELLO)) as { result: { instructions: string } };
  expect(result.instructions).toContain("'next'");
  expect(result.instructions).not.toMatch(/[a-z]+_[a-z]+/);
  stdin.end();
  await ended;
});

test("what finalize refuses names the tool's own parameter as the next step", async () => {
  const refusals = [
    ["uncommitted_work", {}, "commit_message"],
    ["invalid_input", { field: "pullRequest.title" }, "title"],
  ] as const;
  for (const [code, details, parameter] of refusals) {
    const data = { code, details, next: "Say it: ws finalize demo --option." };
    const finalize = () => Promise.reject(Object.assign(new Error("Refused."), { data }));
    const { client } = fakeAgent({ who: "local", scope: "admin" }, { "workspaces.finalize": finalize });
    const { ask, stdin, ended } = connect(client);
    await ask("initialize", HELLO);
    const call = { name: "workspace_finalize", arguments: { name: "demo", push: true } };
    expect(await ask("tools/call", call)).toMatchObject({
      result: { structuredContent: { code, next: expect.stringContaining(`'${parameter}'`) as string } },
    });
    stdin.end();
    await ended;
  }
});

/** A call that lasts until it is cancelled. */
function lasting() {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const get = async (_input: unknown, { signal }: { signal?: AbortSignal } = {}): Promise<never> => {
    begun.resolve();
    await new Promise((resolve) => signal?.addEventListener("abort", resolve, { once: true }));
    ended.resolve();
    throw signal?.reason as Error;
  };
  const { client } = fakeAgent({ who: "local", scope: "admin" }, { "workspaces.get": get });
  return { client, begun: begun.promise, ended: ended.promise };
}

test("a call that is cancelled ends what it has begun, and the session goes on", async () => {
  const { client, begun, ended } = lasting();
  const { ask, stdin } = connect(client);
  await ask("initialize", HELLO);
  const params = { name: "workspace_path", arguments: { name: "demo" } };
  stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 7, method: "tools/call", params })}\n`);
  await begun;
  const cancelled = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 7 } };
  stdin.write(`${JSON.stringify(cancelled)}\n`);
  await ended;
  expect(await ask("tools/list")).toMatchObject({ result: { tools: expect.anything() as unknown } });
});

test("over HTTP a call ends with the connection that it came on", async () => {
  const { client, begun, ended } = lasting();
  const left = new AbortController();
  const params = { name: "workspace_path", arguments: { name: "demo" } };
  const request = new Request("http://localhost/mcp", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 7, method: "tools/call", params }),
    signal: left.signal,
  });
  const answering = answerTools({ client, version: "1.0.0" }, request);
  await begun;
  left.abort();
  await ended;
  expect((await answering).status).toBeLessThan(500);
});

test("a worker that does not answer is an error of the call, and the session goes on", async () => {
  const { client } = fakeAgent(
    { who: "local", scope: "admin" },
    {
      "workspaces.list": () => {
        throw Object.assign(new Error("No agent runs on this machine."), {
          code: "agent_unreachable",
          next: "Start it.",
        });
      },
      "workspaces.get": () => ({ name: "demo", directory: "/home/workspace/app" }),
    },
  );
  const { ask } = connect(client);
  await ask("initialize", HELLO);
  expect(await ask("tools/call", { name: "workspace_list" })).toMatchObject({
    result: {
      isError: true,
      content: [{ text: "No agent runs on this machine. (agent_unreachable)\nStart it." }],
      structuredContent: { code: "agent_unreachable", next: "Start it." },
    },
  });
  expect(await ask("tools/call", { name: "workspace_path", arguments: { repo: "demo" } })).toMatchObject({
    result: { structuredContent: { path: "/home/workspace/app" } },
  });
});
