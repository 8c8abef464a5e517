import { afterAll, beforeAll, expect, test } from "vitest";
import type { AgentClient } from "@ws/rpc-contract/client";
import { refusal } from "../testing/refusal.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;
let files: AgentClient["files"];
const name = "demo";

beforeAll(async () => {
  agent = await startTestAgent();
  await agent.local.workspaces.create({ name });
  files = agent.local.files;
});
afterAll(() => agent[Symbol.asyncDispose]());

test("a file is written, read, edited, moved, listed, looked at and removed", async () => {
  const written = await files.write({ name, path: "./src//main.ts", content: "one\ntwo\n" });
  expect(written).toMatchObject({ path: "src/main.ts", size: 8, created: true });
  const read = await files.read({ name, path: "src/main.ts" });
  expect(read).toEqual({
    path: "src/main.ts",
    binary: false,
    content: "one\ntwo\n",
    encoding: "utf-8",
    size: 8,
    offset: 1,
    linesRead: 2,
    totalLines: 2,
    truncated: false,
    version: written.version,
  });
  const edited = await files.edit({
    name,
    path: "src/main.ts",
    oldString: "two",
    newString: "2",
    expect: written.version,
  });
  expect(edited).toMatchObject({ replacements: 1, size: 6 });
  expect(await refusal(files.write({ name, path: "src/main.ts", content: "", expect: written.version }))).toBe(
    "CONFLICT file_changed",
  );
  expect(await files.move({ name, from: "src/main.ts", to: "src/index.ts" })).toEqual({ path: "src/index.ts" });
  await files.mkdir({ name, path: "src/lib" });
  const { entries } = await files.list({ name, path: "src" });
  expect(entries.map((entry) => `${entry.name} ${entry.type}`)).toEqual(["lib directory", "index.ts file"]);
  expect(await files.stat({ name, path: "src/index.ts" })).toMatchObject({ version: edited.version, writable: true });
  const patch = "--- a/src/index.ts\n+++ b/src/index.ts\n@@ -1,2 +1,2 @@\n one\n-2\n+zwei\n";
  expect(await files.patch({ name, patch })).toMatchObject({ files: [{ path: "src/index.ts", change: "changed" }] });
  expect(await refusal(files.remove({ name, path: "src" }))).toBe("CONFLICT directory_not_empty");
  expect(await files.remove({ name, path: "src", recursive: true })).toEqual({ path: "src", removed: true });
  expect(await files.remove({ name, path: "src", recursive: true })).toEqual({ path: "src", removed: false });
});

test("what is no text goes as base64, and is told instead of read", async () => {
  await files.write({ name, path: "bin", content: Buffer.from([0, 1, 255]).toString("base64"), encoding: "base64" });
  expect(await files.read({ name, path: "bin" })).toMatchObject({ binary: true, size: 3 });
  expect(await refusal(files.write({ name, path: "x", content: "n o", encoding: "base64" }))).toBe(
    "BAD_REQUEST invalid_input",
  );
});

test("paths that lead out, and what a policy forbids, are refused with their codes", async () => {
  expect(await refusal(files.read({ name, path: "../x" }))).toBe("FORBIDDEN path_traversal");
  expect(await refusal(files.read({ name, path: ".env" }))).toBe("FORBIDDEN path_not_allowed");
  expect(await refusal(files.write({ name, path: ".git/hooks/x", content: "" }))).toBe("FORBIDDEN path_not_allowed");
  await agent.local.policy.update({ name, set: { readOnly: true } });
  expect(await refusal(files.write({ name, path: "x", content: "" }))).toBe("FORBIDDEN read_only");
  expect(await refusal(files.patch({ name, patch: "--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+x\n" }))).toBe(
    "FORBIDDEN read_only",
  );
  await agent.local.policy.update({ name, unset: ["readOnly"] });
  expect(await refusal(files.read({ name, path: "x" }))).toBe("NOT_FOUND file_not_found");
});

test("a token that reads reads, one of another workspace does neither, and what changes is written down", async () => {
  await agent.local.workspaces.create({ name: "other" });
  const client = async (scope: string): Promise<AgentClient> =>
    agent.remote((await agent.local.tokens.create({ name: scope.replace(":", "-"), scope })).token);
  const reader = await client("read");
  const inside = await client(`workspace:${name}`);
  await inside.files.write({ name, path: "mine", content: "x" });
  expect(await reader.files.read({ name, path: "mine" })).toMatchObject({ content: "x" });
  expect(await refusal(reader.files.write({ name, path: "mine", content: "y" }))).toBe("FORBIDDEN forbidden");
  expect(await refusal(inside.files.read({ name: "other", path: "mine" }))).toBe("FORBIDDEN forbidden");
  const rows = (await agent.local.audit.list()).map(({ action, target, outcome }) => `${action} ${target} ${outcome}`);
  expect(rows).toContain("files.write demo ok");
  expect(rows).toContain("files.write demo forbidden");
  expect(rows.join()).not.toContain("files.read");
});

test("over plain HTTP numbers and switches come as text", async () => {
  const { token } = await agent.local.tokens.create({ name: "http", scope: "write" });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const ask = async (path: string, method = "GET", body?: object) => {
    const text = body === undefined ? "" : JSON.stringify(body);
    const sized = { ...headers, "content-length": String(Buffer.byteLength(text)) };
    const answer = await agent.ask(`/api/workspaces/demo/files${path}`, { method, headers: sized, body: text });
    return [answer.status, JSON.parse(answer.text)] as const;
  };
  expect(await ask("/content", "PUT", { path: "h/a", content: "one\ntwo\n" })).toMatchObject([200, { created: true }]);
  expect(await ask("/content?path=h%2Fa&offset=2&limit=1")).toMatchObject([200, { content: "two\n" }]);
  expect(await ask("?path=h&limit=1")).toMatchObject([200, { entries: [{ name: "a" }], truncated: false }]);
  expect(await ask("/content?path=..%2Fa")).toMatchObject([403, { data: { code: "path_traversal" } }]);
  expect(await ask("", "DELETE", { path: "h", recursive: "true" })).toMatchObject([200, { removed: true }]);
});

test("a text of 1 MiB can be written in one call, whatever JSON makes of it", async () => {
  const content = "\u0001".repeat(1_048_576);
  expect(await files.write({ name, path: "large", content })).toMatchObject({ size: 1_048_576 });
});
