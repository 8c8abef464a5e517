import { once } from "node:events";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { CredentialService, Secret } from "@ws/credentials";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filesWith } from "./testing/canary.ts";
import { createSubject, sh, type Subject } from "./testing/subject.ts";
import { WorkspaceService } from "./workspace-service.ts";

let s: Subject;
beforeAll(async () => {
  s = await createSubject();
});
afterAll(() => s[Symbol.asyncDispose]());

const log = { debug() {}, info() {}, warn() {}, error() {} };

test("a service takes its three arguments in their order, and what its credential service has", async () => {
  const repository = await s.repository({ private: true });
  const credentialService = new CredentialService({ logger: log });
  const host = new URL(s.github.url).host;
  credentialService.getTokenStore().set({ type: "pat", name: "work", host, createdAt: 1, token: new Secret(s.token) });
  const config = s.config({ autoCleanup: true, workspaceTtlSeconds: 3_600 });
  const first = new WorkspaceService(config, credentialService, log);
  await first.initialize();
  await first.initialize();
  const { id, credential } = await first.provision({ repo: repository.url });
  expect(credential).toMatchObject({ type: "pat", host });
  await first.close();

  // Its grants were in memory only; the next one gives them again.
  await using second = new WorkspaceService(
    config,
    new CredentialService({ tokenStore: credentialService.getTokenStore() }),
    log,
  );
  await second.initialize();
  await sh(second, id, "git fetch -q && git commit -q --allow-empty -m x && git push -q origin HEAD");
  // A cleanup that keeps it has ended its rights; whoever asks for a push has them given again.
  await sh(second, id, "git commit -q --allow-empty -m y");
  expect(await second.cleanup(id)).toMatchObject({ kept: true, reason: "unpushed_work" });
  expect(second.get(id)).not.toHaveProperty("credential");
  await second.push(id);
  expect(await second.cleanup(id)).toEqual({ kept: false });
});

test("a directory that cannot be used is said to be one, and may be put right", async () => {
  const file = join(s.directory, "..", "file");
  writeFileSync(file, "");
  await expect(new WorkspaceService({ workspacesDir: file }).initialize()).rejects.toMatchObject({
    code: "not_a_directory",
    data: { path: file },
  });
  await expect(new WorkspaceService({ workspacesDir: join(file, "below") }).initialize()).rejects.toMatchObject({
    code: "not_a_directory",
  });
  const directory = join(s.directory, "..", "damaged");
  mkdirSync(join(directory, ".state/workspaces"), { recursive: true });
  writeFileSync(join(directory, ".state/workspaces/ws-a.json"), "{");
  const service = new WorkspaceService({ workspacesDir: directory });
  await expect(service.initialize()).rejects.toMatchObject({ code: "state_corrupt" });
  expect(() => service.list()).toThrow("not initialized");
  rmSync(join(directory, ".state/workspaces/ws-a.json"));
  await service.initialize();
  expect(service.list()).toEqual([]);
  await service.close();
});

test("one service has a directory at a time, and one that is closed refuses what it is asked", async () => {
  const first = await s.service();
  await expect(new WorkspaceService(s.config()).initialize()).rejects.toMatchObject({
    code: "state_locked",
    data: { pid: process.pid },
  });
  await first.close();
  await first.close();
  expect(() => first.list()).toThrow(expect.objectContaining({ code: "illegal_transition" }) as Error);
  await expect(first.provision({ repo: "github.com/org/repo" })).rejects.toMatchObject({ code: "illegal_transition" });
  const next = await s.service();
  expect(next.list()).toEqual([]);
});

test("what was kept of a workspace that a killed process had only begun to ask for is gone after the next start", async () => {
  const first = await s.service();
  const kept = await first.provision({
    repo: (await s.repository()).url,
    onComplete: { command: "true" },
  });
  await first.close();
  const extras = join(s.directory, ".state/extras");
  const secret = crypto.randomUUID();
  for (const id of ["ws-cut", "wt-cut"]) {
    writeFileSync(
      join(extras, `${id}.json`),
      JSON.stringify({ id, onComplete: { webhookHeaders: { "x-key": secret } } }),
    );
  }
  const second = await s.service();
  expect(filesWith(s.directory, secret)).toEqual([]);
  expect(existsSync(join(extras, `${kept.id}.json`))).toBe(true);
  await second.cleanup(kept.id);
});

test("on completion a command runs in the workspace and a webhook is told, on failure only where it is wanted", async () => {
  const told: unknown[] = [];
  const hook = createServer((request, response) => {
    void json(request).then((body) => {
      told.push({ header: request.headers["x-key"], ...(body as object) });
      response.end();
    });
  }).listen(0, "127.0.0.1");
  await once(hook, "listening");
  try {
    const { port } = hook.address() as AddressInfo;
    const webhook = `http://127.0.0.1:${port}/done`;
    const repository = await s.repository({ private: true });
    const service = await s.service();
    const { id, path, branch } = await service.provision({
      repo: repository.url,
      execution: { id: "exec-hook" },
      credentials: { type: "pat", token: s.token },
      onComplete: {
        command: 'printf "%s\\n" "$WORKSPACE_STATUS $WORKSPACE_ID $WORKSPACE_PR_NUMBER $PWD" >> "$HOME/completed"',
        webhook,
        webhookHeaders: { "x-key": "value" },
        runOnError: true,
      },
    });
    expect(service.get(id)?.onComplete).toEqual({ command: expect.any(String) as string, webhook, runOnError: true });
    await expect(service.finalize(id, { createPr: true, pr: { title: "T" } })).rejects.toThrow("pull request");
    await sh(service, id, "git commit -q --allow-empty -m x");
    const pr = await service.finalize(id, { push: true, createPr: true, pr: { title: "T" } });
    expect(await sh(service, id, "cat $HOME/completed")).toBe(`error ${id}  ${path}\nsuccess ${id} 1 ${path}`);
    const about = {
      event: "workspace:finalized",
      workspaceId: id,
      executionId: "exec-hook",
      repo: repository.url,
      branch: branch.name,
    };
    expect(told).toEqual([
      { header: "value", ...about, status: "error", error: expect.stringContaining("pull request") as string },
      { header: "value", ...about, status: "success", pullRequest: { ...pr, createdAt: pr?.createdAt.toISOString() } },
    ]);
    const done = await service.finalizeWithDetails(id, { cleanup: true });
    expect(done).toMatchObject({ workspace: { status: "cleaned_up" }, cleanup: { kept: false } });
    expect(existsSync(path)).toBe(false);
  } finally {
    hook.close();
  }
});

test("a merged pull request is known once it is asked for, and told once", async () => {
  const repository = await s.repository({ private: true });
  const service = await s.service();
  const { id } = await service.provision({ repo: repository.url, credentials: { type: "pat", token: s.token } });
  expect(await service.getPullRequest(id)).toBeUndefined();
  await sh(service, id, "git commit -q --allow-empty -m x && echo y > y.txt && git add -A && git commit -qm y");
  await service.finalize(id, { push: true, createPr: true, pr: { title: "T" } });
  expect(await service.getPullRequest(id)).toMatchObject({ state: "open" });
  const response = await s
    .config()
    .forges?.[0]?.open(repository.url, async () => ({
      id: "x",
      type: "pat",
      provider: "github",
      host: "h",
      username: "x",
      password: s.token,
    }))
    .mergePullRequest(1, { method: "merge" });
  expect(response?.state).toBe("merged");
  for (let round = 0; round < 2; round += 1) {
    expect(await service.getPullRequest(id)).toMatchObject({ state: "merged", mergedAt: expect.any(Date) as Date });
  }
  const events = s.events.filter(({ workspaceId, type }) => workspaceId === id && type.startsWith("pr:"));
  expect(events.map(({ type }) => type)).toEqual(["pr:created", "pr:merged"]);
  expect(await service.cleanup(id)).toEqual({ kept: false });
});

test("the branches of an execution are deleted at the remote, and those with an open pull request stay", async () => {
  const repository = await s.repository({ private: true });
  const service = await s.service();
  const provisioned = (slug: string) =>
    service.provision({
      repo: repository.url,
      execution: { id: "exec-branches" },
      task: { role: "engineer", slug },
      credentials: { type: "pat", token: s.token },
    });
  const [proposed, dropped] = [await provisioned("proposed"), await provisioned("dropped")];
  for (const { id } of [proposed, dropped]) {
    await sh(service, id, "git commit -q --allow-empty -m x");
    await service.push(id);
  }
  await service.finalize(proposed.id, { createPr: true, pr: { title: "T" } });
  expect(await service.deleteBranchesForExecution("exec-branches")).toEqual([dropped.branch.name]);
  expect(await sh(service, proposed.id, "git ls-remote --heads origin | cut -f2")).toBe(
    `refs/heads/main\nrefs/heads/${proposed.branch.name}`,
  );
  expect(await service.deleteBranchesForExecution("exec-none")).toEqual([]);
});

test("a sandboxed workspace sees neither what is kept beside it nor another workspace", async () => {
  const repository = await s.repository({ private: true });
  const service = await s.service({ sandbox: "bubblewrap" });
  const credentials = { type: "pat", token: s.token } as const;
  const one = await service.provision({ repo: repository.url, credentials });
  const other = await service.provision({ repo: repository.url, credentials });
  const seen = await sh(service, one.id, `ls ${s.directory}/.state ${other.path} 2>&1; ls -A ${s.directory}`);
  expect(seen).not.toContain("tokens");
  expect(seen).not.toContain("README.md");
  expect(
    seen
      .split("\n")
      .filter((line) => line.startsWith(".ws-") || line.startsWith("ws-"))
      .sort(),
  ).toEqual([`.${one.id}`, one.id]);
});
