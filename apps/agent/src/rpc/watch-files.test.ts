import { afterAll, beforeAll, expect, test } from "vitest";
import type { FileChange } from "@ws/rpc-contract";
import type { Box, WorkspaceId } from "@ws/workspace-core";
import { refusal } from "../testing/refusal.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;
const name = "demo";

beforeAll(async () => {
  agent = await startTestAgent();
  await agent.local.workspaces.create({ name });
});
afterAll(() => agent[Symbol.asyncDispose]());

type Changes = AsyncIterator<FileChange>;

async function next(changes: Changes): Promise<FileChange> {
  const { done, value } = await changes.next();
  if (done === true) throw new Error("the stream ended");
  return value;
}

test("changes reach everyone who looks, each as far as its policy lets it see", async () => {
  const { files } = agent.local;
  const [first, second] = [await files.watch({ name }), await files.watch({ name })];
  for (const changes of [first, second]) expect(await next(changes)).toEqual({ resync: true });
  await files.write({ name, path: "src/main.ts", content: "x" });
  for (const changes of [first, second])
    expect(await next(changes)).toEqual({ paths: expect.arrayContaining(["src/main.ts"]) });
  await agent.local.policy.update({ name, set: { hiddenPaths: ["private"] } });
  const box = await openBox();
  await box.files.mkdir("/home/workspace/private");
  await box.files.write("/home/workspace/private/x", Buffer.from("x"));
  await files.write({ name, path: "seen", content: "x" });
  const seen: FileChange[] = [];
  for (const changes of [first, second]) {
    seen.push(await next(changes));
    await changes.return?.();
  }
  await agent.local.policy.update({ name, unset: ["hiddenPaths"] });
  expect(seen).toEqual([{ paths: ["seen"] }, { paths: ["seen"] }]);
});

test("a flood of changes is told in a few bytes, and what comes after it by name", async () => {
  const changes = await agent.local.files.watch({ name });
  expect(await next(changes)).toEqual({ resync: true });
  const box = await openBox();
  await box.files.mkdir("/home/workspace/flood");
  for (let at = 0; at < 10_000; at += 1) await box.files.write(`/home/workspace/flood/${at}`, new Uint8Array());
  await box.files.write("/home/workspace/last", new Uint8Array());
  let bytes = 0;
  for (let isOver = false; !isOver;) {
    const change = await next(changes);
    bytes += JSON.stringify(change).length;
    isOver = "resync" in change || ("paths" in change && change.paths.includes("last"));
  }
  expect(bytes).toBeLessThan(100_000);
  await changes.return?.();
});

async function openBox(): Promise<Box> {
  const { id } = await agent.local.workspaces.get({ name });
  return agent.adapters.docker.open(id as WorkspaceId);
}

test("the stream of a workspace that is stopped says so, and none begins", async () => {
  const changes = await agent.local.files.watch({ name });
  expect(await next(changes)).toEqual({ resync: true });
  const end = refusal(next(changes));
  await agent.local.workspaces.stop({ name });
  expect(await end).toBe("PRECONDITION_FAILED workspace_not_running");
  expect(await refusal(agent.local.files.watch({ name }))).toBe("PRECONDITION_FAILED workspace_not_running");
  await agent.local.workspaces.start({ name });
});

test("a token of another workspace does not look", async () => {
  await agent.local.workspaces.create({ name: "other" });
  const { token } = await agent.local.tokens.create({ name: "inside", scope: "workspace:other" });
  expect(await refusal(agent.remote(token).files.watch({ name }))).toBe("FORBIDDEN forbidden");
  const own = await agent.remote(token).files.watch({ name: "other" });
  expect(await next(own)).toEqual({ resync: true });
  await own.return?.();
});
