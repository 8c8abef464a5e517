import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CredentialService, readSshKey, Secret } from "@ws/credentials";
import { startSshGitServer, type SshGitServer } from "@ws/git-provider/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filesWith } from "./testing/canary.ts";
import { createSubject, sh, type Subject } from "./testing/subject.ts";

let s: Subject;
let ssh: SshGitServer;
beforeAll(async () => {
  s = await createSubject();
  const { path = "", fullName } = await s.repository();
  ssh = await startSshGitServer({ root: path.slice(0, -`/${fullName}.git`.length) });
});
afterAll(async () => {
  await s[Symbol.asyncDispose]();
  await ssh[Symbol.asyncDispose]();
});

test("a repository that is reached by ssh is cloned, committed in and pushed with a key of the credential service, which no workspace has", async () => {
  const url = await byAddress();
  const service = await s.service({}, withKey());
  const workspace = await service.provision({ repo: url, baseBranch: "main", execution: { id: "exec-1" } });
  expect(workspace.credential).toMatchObject({ type: "ssh_key" });
  expect(readFileSync(join(workspace.path, ".git/config"), "utf8")).toContain(`url = ${url}\n`);
  await sh(service, workspace.id, "echo one > one.txt && git add one.txt && git commit -qm One && git fetch -q");
  await expect(sh(service, workspace.id, "git push -q origin HEAD:main")).rejects.toThrow(/may only push to/);
  const line = ssh.privateKey.split("\n")[2] ?? "";
  expect(line.length).toBeGreaterThan(60);
  expect(filesWith(s.directory, line)).toEqual([]);
  const commit = await sh(service, workspace.id, "git rev-parse HEAD");
  const before = ssh.commands.length;
  expect(await service.finalizeWithDetails(workspace.id, { push: true, cleanup: true })).toMatchObject({
    pushed: { branch: workspace.branch.name, commit },
    cleanup: { kept: false },
  });
  expect(ssh.commands.slice(before).some((command) => command.startsWith("git-receive-pack"))).toBe(true);
  const next = await service.provision({ repo: url, baseBranch: workspace.branch.name });
  expect(await sh(service, next.id, "git rev-parse HEAD")).toBe(commit);
});

test("a pull request of a repository by ssh needs a token beside the key, which is said, and is opened where there is one", async () => {
  const url = await byAddress();
  const credentialService = withKey();
  const service = await s.service({}, credentialService);
  const finalized = async () => {
    const { id } = await service.provision({ repo: url, baseBranch: "main" });
    await sh(service, id, "git commit -q --allow-empty -m One");
    return service.finalize(id, { push: true, createPr: true, pr: { title: "By ssh" }, cleanup: true });
  };
  await expect(finalized()).rejects.toMatchObject({
    code: "credential_missing",
    message: expect.stringContaining("a pull request needs a token of 127.0.0.1"),
  });
  const token = new Secret(s.token);
  credentialService.getTokenStore().set({ type: "pat", name: "api", host: "127.0.0.1", token, createdAt: 2 });
  expect(await finalized()).toMatchObject({ state: "open" });
});

test("what a user gives as ssh is no right, so that the service's key is not used for it", async () => {
  const repo = await byAddress();
  const service = await s.service({}, withKey());
  const before = ssh.commands.length;
  await expect(service.provision({ repo, credentials: { type: "ssh" } })).rejects.toThrow(/Authentication failed/);
  expect(ssh.commands).toHaveLength(before);
});

async function byAddress(): Promise<string> {
  const { fullName } = await s.repository({ private: true });
  return ssh.url(`/${fullName}.git`);
}

function withKey(): CredentialService {
  const credentialService = new CredentialService();
  credentialService.getTokenStore().set({
    type: "ssh_key",
    name: "deploy",
    host: "127.0.0.1",
    privateKey: new Secret(ssh.privateKey),
    fingerprint: readSshKey(ssh.privateKey).fingerprint,
    hostKeys: [ssh.hostKey],
    createdAt: 1,
  });
  return credentialService;
}
