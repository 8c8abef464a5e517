import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CredentialService, Secret } from "@ws/credentials";
import type { WorkspaceId } from "@ws/workspace-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { WorkspaceConfig } from "./requests.ts";
import { createSubject, sh, type Subject } from "./testing/subject.ts";
import type { WorkspaceService } from "./workspace-service.ts";

let s: Subject;
let service: WorkspaceService;
beforeAll(async () => {
  s = await createSubject();
  service = await s.service();
});
afterAll(() => s[Symbol.asyncDispose]());

/** How programs tell provisioning errors apart by their words. */
async function whatProvisioningMet(config: WorkspaceConfig): Promise<string> {
  try {
    await service.provision(config);
  } catch (error) {
    const { message } = error as Error;
    if (message.includes("Authentication failed")) return "credential";
    if (message.includes("Repository not found")) return "repository";
    if (message.includes("Branch not found")) return "branch";
    return message;
  }
  return "nothing";
}

/** The same for finalization. */
async function whatFinalizingMet(id: string, options: Parameters<WorkspaceService["finalize"]>[1]): Promise<string> {
  try {
    await service.finalize(id, options);
  } catch (error) {
    const { message } = error as Error;
    if (message.includes("push")) return "push";
    if (message.includes("pull request")) return "pull request";
    return message;
  }
  return "nothing";
}

async function provisioned(): Promise<{ id: string; name: string }> {
  const { url, fullName } = await s.repository({ private: true });
  const { id } = await service.provision({ repo: url, credentials: { type: "pat", token: s.token } });
  return { id, name: fullName };
}

test("provisioning errors say in their words whether the credential, the repository or the branch is at fault", async () => {
  const { url } = await s.repository({ private: true });
  const credentials = { type: "pat", token: s.token } as const;
  const wrong = { type: "pat", token: `ghp_${randomBytes(18).toString("hex")}` } as const;
  expect(await whatProvisioningMet({ repo: url, credentials: wrong })).toBe("credential");
  expect(await whatProvisioningMet({ repo: url })).toBe("credential");
  expect(await whatProvisioningMet({ repo: `${s.github.url}/org/none`, credentials })).toBe("repository");
  expect(await whatProvisioningMet({ repo: url, baseBranch: "none", credentials })).toBe("branch");
  expect(service.list().map(({ status, error }) => `${status} ${error?.code}`)).toEqual([
    "error authentication_failed",
    "error authentication_failed",
    "error repository_not_found",
    "error branch_not_found",
  ]);
  // Who uses the library has no command line of a worker.
  const steps = service.list().map(({ error }) => error?.next);
  expect(steps.join()).toContain("CredentialService");
  expect(steps.join()).not.toMatch(/\bws [a-z]/);
});

test("a push that is refused says so, leaves the workspace ready, and goes through when it is forced", async () => {
  const { id } = await provisioned();
  await sh(service, id, "git commit -q --allow-empty -m one");
  await service.push(id);
  await sh(service, id, "git commit -q --amend --allow-empty -m rewritten");
  expect(await whatFinalizingMet(id, { push: true })).toBe("push");
  expect(service.get(id)).toMatchObject({
    status: "ready",
    error: { code: expect.stringMatching(/^push_/) as string },
  });
  const { commit } = await service.push(id, { force: true });
  expect(await sh(service, id, "git rev-parse HEAD")).toBe(commit);
  expect(service.get(id)).not.toHaveProperty("error");
});

test("a pull request that fails after the push says so, keeps the workspace, and is opened by the next attempt alone", async () => {
  const { id } = await provisioned();
  await sh(service, id, "git commit -q --allow-empty -m one");
  const options = { push: true, createPr: true, pr: { title: "Work", labels: ["a"] }, cleanup: true };
  s.github.fault({ kind: "failure", status: 503, times: 6 });
  expect(await whatFinalizingMet(id, options)).toBe("pull request");
  expect(service.get(id)).toMatchObject({ status: "ready" });
  let pr = await service.finalize(id, options).catch(() => undefined);
  for (let attempt = 0; pr === undefined && attempt < 5; attempt += 1) {
    pr = await service.finalize(id, options).catch(() => undefined);
  }
  expect(pr).toMatchObject({ number: 1 });
  expect(service.get(id)).toMatchObject({ status: "cleaned_up", branch: { pullRequest: { number: 1 } } });
});

test("a pull request without a title, and to its own branch, is refused before anything is pushed, or says why", async () => {
  const { id } = await provisioned();
  await sh(service, id, "git commit -q --allow-empty -m one");
  expect(await whatFinalizingMet(id, { createPr: true })).toBe("pull request");
  expect(await sh(service, id, "git ls-remote origin | wc -l")).toBe("2");
  const direct = await service.provision({
    repo: (await s.repository({ private: true })).url,
    baseBranch: "main",
    branchStrategy: "direct",
    credentials: { type: "pat", token: s.token },
  });
  expect(direct.branch.name).toBe("main");
  await sh(service, direct.id, "git commit -q --allow-empty -m straight");
  expect((await service.push(direct.id)).branch).toBe("main");
  expect(await whatFinalizingMet(direct.id, { createPr: true, pr: { title: "T" } })).toBe("pull request");
});

test("work that is not committed is refused, left or committed as it is said, and never lost", async () => {
  const { id } = await provisioned();
  await sh(service, id, "echo x > x.txt");
  await expect(service.finalize(id, { push: true, cleanup: true })).rejects.toMatchObject({ code: "uncommitted_work" });
  const left = await service.finalizeWithDetails(id, { push: true, uncommitted: "leave", cleanup: true });
  expect(left.cleanup).toMatchObject({ kept: true, reason: "unpushed_work" });
  expect(left.workspace.status).toBe("ready");
});

test("what a cleanup kept is pushed with what its user gave, and with nothing else", async () => {
  const repository = await s.repository({ private: true });
  const credentialService = new CredentialService();
  credentialService.getTokenStore().set({
    type: "pat",
    name: "other",
    host: new URL(s.github.url).host,
    token: new Secret(s.github.token("tech-lead")),
    createdAt: Date.now(),
  });
  const kept = async (over: WorkspaceService): Promise<string> => {
    const { id } = await over.provision({ repo: repository.url, credentials: { type: "pat", token: s.token } });
    // Each of its own: the same commit in the same second would be one that was pushed before.
    await sh(over, id, `git commit -q --allow-empty -m 'work in ${id}'`);
    expect(await over.cleanup(id)).toMatchObject({ kept: true });
    await expect(sh(over, id, "git push -q origin HEAD")).rejects.toThrow();
    return id;
  };
  const first = await s.service({}, credentialService);
  const now = await kept(first);
  await first.push(now);
  expect(await first.cleanup(now)).toEqual({ kept: false });
  const [later, lost] = [await kept(first), await kept(first)];
  await first.close();
  expect(existsSync(join(s.directory, `.state/tokens/${now}.json`))).toBe(false);
  rmSync(join(s.directory, `.state/tokens/${lost}.json`));
  service = await s.service({}, credentialService);
  await service.push(later);
  const rights = credentialService.source.list({ workspace: later as WorkspaceId });
  expect(rights.map(({ credential }) => credential.id)).toEqual(["user"]);
  await expect(service.push(lost)).rejects.toMatchObject({ code: "credential_missing" });
  for (const id of [later, lost]) await service.cleanup(id, { force: true });
  expect(readdirSync(join(s.directory, ".state/tokens"))).not.toContain(`${later}.json`);
});

test("strategies that are not there are refused and not ignored, and an end that was asked for twice is one", async () => {
  const { url } = await s.repository();
  await expect(service.provision({ repo: url, branchStrategy: "fork" })).rejects.toMatchObject({
    code: "invalid_input",
    data: { field: "branchStrategy" },
  });
  await expect(service.provision({ repo: url, branchStrategy: "direct" })).rejects.toMatchObject({
    code: "invalid_input",
  });
  const { id } = await service.provision({ repo: url, execution: { id: "exec-twice" } });
  expect(await service.cleanupForExecution("exec-twice")).toEqual([{ id, kept: false }]);
  expect(await service.cleanupForExecution("exec-twice")).toEqual([]);
  expect(await service.cleanup(id)).toEqual({ kept: false });
  await expect(service.cleanup("ws-none")).rejects.toMatchObject({ code: "workspace_not_found" });
  await expect(service.finalize(id, {})).rejects.toMatchObject({ code: "workspace_not_found" });
  expect(service.get("ws-none")).toBeUndefined();
});

test("a workspace that is cleaned up while it is being made is gone, and whoever waits for it learns why", async () => {
  const { url } = await s.repository();
  const making = service.provision({ repo: url }).catch((error: unknown) => error);
  const find = () => service.list().find(({ repo, progress }) => repo === url && progress !== undefined);
  await expect.poll(find, { interval: 1, timeout: 60_000 }).toMatchObject({ status: "provisioning" });
  const { id } = service.list().find(({ repo }) => repo === url) ?? { id: "" };
  expect(await service.cleanup(id)).toEqual({ kept: false });
  expect(await making).toMatchObject({ name: "WsError", code: "aborted" });
  expect(service.get(id)?.status).toBe("cleaned_up");
});
