import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { bearer } from "../testing/headers.ts";
import { followSocket } from "../testing/terminal-client.ts";
import { startTestAgent } from "../testing/test-agent.ts";
import { createSparing } from "./auditing.ts";
import { audited } from "../testing/audited.ts";

test("who has no token cannot fill the audit, nor put a word of their own into it", async () => {
  await using agent = await startTestAgent();
  const exchange = (input: unknown) =>
    agent.ask("/rpc/auth/exchange", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ json: input }),
    });
  for (let round = 0; round < 20; round += 1) {
    await exchange({ name: "\u001b]0;owned\u0007", code: 1 });
    await exchange({ code: `wrong-${round}` });
  }
  expect(await agent.local.audit.list()).toEqual([
    { at: expect.any(String) as string, who: "127.0.0.1", action: "auth.exchange", outcome: "invalid_input" },
  ]);
});

test("who signs in is written down each time", async () => {
  await using agent = await startTestAgent();
  for (let round = 0; round < 2; round += 1) {
    const { url } = await agent.local.auth.link();
    await agent.remote("none").auth.exchange({ code: url.split("#code=")[1] ?? "" });
  }
  const entries = (await agent.local.audit.list()).map(({ action, outcome }) => `${action} ${outcome}`);
  expect(entries.filter((entry) => entry === "auth.exchange ok")).toHaveLength(2);
});

test("a lease and a reference are what was changed", async () => {
  await using agent = await startTestAgent();
  const { leases, providers, audit } = agent.local;
  await leases.release({ lease: "lease-1" }).catch(() => undefined);
  await leases.acquire({ reference: "#none:a" }).catch(() => undefined);
  await providers.resolve({ reference: "#none:b" }).catch(() => undefined);
  expect((await audit.list()).map(({ action, target }) => [action, target])).toEqual([
    ["providers.resolve", "#none:b"],
    ["leases.acquire", "#none:a"],
    ["leases.release", "lease-1"],
  ]);
});

test("a dry run is written down as one", async () => {
  await using agent = await startTestAgent();
  const { workspaces } = agent.local;
  await workspaces.create({ name: "demo" });
  await workspaces.cleanup({ name: "demo", dryRun: true });
  await workspaces.reap({ dryRun: true });
  await workspaces.reap({});
  expect((await audited(agent.local, 3)).map(({ action, details }) => [action, details])).toEqual([
    ["workspaces.reap", undefined],
    ["workspaces.reap", { dryRun: "true" }],
    ["workspaces.cleanup", { dryRun: "true" }],
  ]);
});

test("what a terminal would obey is not kept in the audit (CVE-2021-25743)", async () => {
  await using agent = await startTestAgent();
  await agent.local.workspaces.stop({ name: "\u001b[2J\u009b31mdemo" }).catch(() => undefined);
  const [entry] = await agent.local.audit.list();
  expect(entry).toMatchObject({ action: "workspaces.stop", target: "\uFFFD[2J\uFFFD31mdemo" });
});

test("nor of what was said over a socket, of which a line at most is kept (CVE-2021-25743)", async () => {
  await using agent = await startTestAgent();
  const { token } = await agent.local.tokens.create({ name: "someone", scope: "write" });
  const name = encodeURIComponent(`\u001b]0;x\u0007\u009b31m${"a".repeat(1_000)}`);
  const url = `${agent.agent.url.replace("http", "ws")}/terminal/${name}`;
  const client = followSocket(new WebSocket(url, { headers: bearer(token) }));
  await once(client.socket, "open");
  client.say({ type: "attach", cols: 80, rows: 24 });
  await client.closed;
  const [entry] = await audited(agent.local, 1);
  const target = `\uFFFD]0;x\uFFFD\uFFFD31m${"a".repeat(190)}`;
  expect(entry).toMatchObject({ action: "terminal", outcome: "workspace_not_found", target });
});

test("each peer is told of once in a minute, and no more than a few dozen peers are", () => {
  const clock = createManualClock();
  const may = createSparing(clock);
  expect([may("a"), may("a"), may("b")]).toEqual([true, false, true]);
  const peers = Array.from({ length: 10_000 }, (_, index) => `peer ${index}`);
  expect(peers.filter(may).length).toBeLessThan(100);
  clock.advance(60_000);
  expect([may("a"), may("a")]).toEqual([true, false]);
});

test("which file and which rules were changed is written down, and no content", async () => {
  await using agent = await startTestAgent();
  const { workspaces, files, policy } = agent.local;
  const name = "demo";
  await workspaces.create({ name });
  await files.write({ name, path: "a", content: "private" });
  await files.move({ name, from: "a", to: "b" });
  await policy.update({ name, set: { push: false, allowedPaths: ["private"] }, unset: ["commit"] });
  const rows = await audited(agent.local, 3);
  expect(rows.map(({ action, details }) => [action, details])).toEqual([
    ["policy.update", { rules: "push, allowedPaths, commit" }],
    ["files.move", { from: "a", to: "b" }],
    ["files.write", { path: "a" }],
  ]);
  expect(JSON.stringify(rows)).not.toContain("private");
});

test("what git was told to change is written down too, looks are not, and no message is", async () => {
  await using agent = await startTestAgent();
  const { workspaces, git } = agent.local;
  const name = "demo";
  await workspaces.create({ name });
  const refused = (work: Promise<unknown>) =>
    expect(work).rejects.toMatchObject({ data: { code: "repository_not_found" } });
  await refused(git.status({ name }));
  await refused(git.diff({ name, from: "main" }));
  await refused(git.commit({ name, message: "private" }));
  await refused(git.push({ name, branch: "main", force: true }));
  await refused(git.reset({ name, target: "HEAD~1", mode: "hard", allowDestructive: true }));
  const rows = await audited(agent.local, 4);
  expect(rows.map(({ action, outcome, details }) => [action, outcome, details])).toEqual([
    ["git.reset", "repository_not_found", { target: "HEAD~1", mode: "hard", allowDestructive: "true" }],
    ["git.push", "repository_not_found", { branch: "main", force: "true" }],
    ["git.commit", "repository_not_found", undefined],
    ["workspaces.create", "ok", undefined],
  ]);
  expect(JSON.stringify(rows)).not.toContain("private");
});

test("the files that a patch changes and those that are staged are named, some of very many, also of a patch that was refused (CVE-2021-25743)", async () => {
  await using agent = await startTestAgent();
  const { workspaces, files, git } = agent.local;
  const name = "demo";
  await workspaces.create({ name });
  const added = (path: string): string => `--- /dev/null\n+++ ${path}\n@@ -0,0 +1 @@\n+private\n`;
  await files.patch({ name, patch: added("b/a.ts") + added('"b/\\033[2J, c"') });
  await files.patch({ name, patch: "diff --git a/a.ts b/d.ts\nrename from a.ts\nrename to d.ts\n", dryRun: true });
  await files.patch({ name, patch: added("b/.env") }).catch(() => undefined);
  await files.patch({ name, patch: "no patch" }).catch(() => undefined);
  const paths = Array.from({ length: 200 }, (_, index) => `${index}-${"x".repeat(4_000)}`);
  await git.add({ name, paths }).catch(() => undefined);
  const rows = await audited(agent.local, 5);
  expect(rows.map(({ action, outcome, details }) => [action, outcome, details])).toEqual([
    ["git.add", "repository_not_found", { paths: paths.slice(0, 10).map((path) => path.slice(0, 200)), more: "190" }],
    ["files.patch", "patch_check_failed", undefined],
    ["files.patch", "path_not_allowed", { paths: [".env"] }],
    ["files.patch", "ok", { dryRun: "true", paths: ["a.ts", "d.ts"] }],
    ["files.patch", "ok", { paths: ["a.ts", "\uFFFD[2J, c"] }],
  ]);
  expect(JSON.stringify(rows)).not.toContain("private");
});

test("what attempts are told to run and which of them was picked is written down, and no part of an address that may be a secret", async () => {
  await using agent = await startTestAgent();
  const { workspaces, attempts } = agent.local;
  await workspaces.create({ name: "demo" });
  const spec = { kind: "command" as const, command: ["make", "test"], cwd: "app" };
  const secret = randomBytes(8).toString("hex");
  const none = (): undefined => undefined;
  await attempts.start({ name: "demo", spec, count: 2 }).catch(none);
  await attempts.start({ clone: `https://me:${secret}/x@forge.test/a/b?${secret}`, spec, count: 2 }).catch(none);
  await attempts.start({ clone: "#gh:a/b", spec, count: 2 }).catch(none);
  await attempts.pick({ id: "attempts-1", name: "demo-1", discard: true }).catch(none);
  await attempts.pick({ id: "attempts-1", name: "demo-1" }).catch(none);
  const rows = await audited(agent.local, 5);
  const told = { command: "make test", cwd: "app" };
  expect(rows.map(({ action, target, details }) => [action, target, details])).toEqual([
    ["attempts.pick", "demo-1", { id: "attempts-1" }],
    ["attempts.pick", "demo-1", { id: "attempts-1", discard: "true" }],
    ["attempts.start", "#gh:a/b", told],
    ["attempts.start", "forge.test/a/b", told],
    ["attempts.start", "demo", told],
  ]);
  expect(JSON.stringify(rows)).not.toContain(secret);
});
