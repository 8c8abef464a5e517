import { generateKeyPairSync } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { isWsError, type Log } from "@ws/workspace-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filesWith, watchProcesses } from "./testing/canary.ts";
import { createLeapingClock } from "./testing/leaping-clock.ts";
import { createSubject, sh, type Subject } from "./testing/subject.ts";

const WAIT = { timeout: 60_000 };

let s: Subject;
beforeAll(async () => {
  s = await createSubject();
});
afterAll(() => s[Symbol.asyncDispose]());

test("a user's token is in no file of the workspace, no argument, no environment, no log, no event and no answer, and gone after cleanup", async () => {
  const repository = await s.repository({ private: true });
  const token = s.github.token("ada");
  const said: string[] = [];
  const say = (message: string, fields?: unknown): void => void said.push(message, JSON.stringify(fields));
  const log: Log = { debug: say, info: say, warn: say, error: say };
  const service = await s.service({}, undefined, log);
  const watch = watchProcesses(token);
  const credentials = { type: "pat", token } as const;
  const { id } = await service.provision({ repo: repository.url, credentials });
  await sh(service, id, "echo x > x.txt && git add -A && git commit -qm x && git push -q origin HEAD && git fetch -q");
  await sh(service, id, "git config --list > $HOME/config.txt; env > $HOME/env.txt; git remote -v > $HOME/remotes.txt");
  const pr = await service.finalize(id, { push: true, createPr: true, pr: { title: "T" } });
  expect(pr?.number).toBe(1);
  expect(watch.stop()).toEqual([]);
  // Where pushes lie while they are looked at.
  expect(statSync(join(s.directory, ".state/pushes")).mode & 0o777).toBe(0o700);
  expect(filesWith(s.directory, token)).toEqual([`.state/tokens/${id}.json`]);
  expect(statSync(join(s.directory, `.state/tokens/${id}.json`)).mode & 0o777).toBe(0o600);
  const password = Buffer.from(`x-access-token:${token}`).toString("base64");
  expect(filesWith(s.directory, password)).toEqual([]);
  for (const told of [service.list(), s.events, said]) expect(JSON.stringify(told)).not.toContain(token);

  await service.cleanup(id);
  expect(filesWith(s.directory, token)).toEqual([]);
});

test("what watches processes sees what they are given", async () => {
  const service = await s.service();
  const { id } = await service.provision({ repo: (await s.repository()).url });
  const control = crypto.randomUUID();
  const watch = watchProcesses(control);
  await (
    await service.run(id, ["sleep", "0.5"], { env: { CONTROL: control } })
  ).exit;
  expect(watch.stop()).not.toEqual([]);
  await service.cleanup(id);
});

test("shell metacharacters in a base branch, a branch, a repository or a slug are data (shell injection in a clone)", async () => {
  const repository = await s.repository();
  const service = await s.service();
  const hostile = "main; touch PWNED; #";
  const attempts = [
    { repo: repository.url, baseBranch: hostile },
    { repo: repository.url, baseBranch: "main;touch${IFS}PWNED" },
    { repo: repository.url, baseBranch: "$(touch PWNED)" },
    { repo: repository.url, branchName: "--upload-pack=touch PWNED" },
    { repo: `${repository.url};touch PWNED` },
    { repo: `--upload-pack=touch PWNED` },
    { repo: repository.url, execution: { id: "e;touch PWNED" }, task: { role: "r" } },
    { repo: repository.url, task: { role: "r", slug: "$(touch PWNED)" } },
  ];
  for (const attempt of attempts) {
    const error: unknown = await service.provision(attempt).catch((reason: unknown) => reason);
    expect(isWsError(error) ? error.code : error).toMatch(/^(?:invalid_input|invalid_clone_url|branch_not_found)$/);
  }
  expect(existsSync("PWNED")).toBe(false);
  expect(filesWith(s.directory, "PWNED").filter((name) => !name.startsWith(".state/"))).toEqual([]);
  expect(readdirSync(s.directory, { recursive: true }).filter((name) => String(name).endsWith("PWNED"))).toEqual([]);
  for (const { id } of service.list()) await service.cleanup(id);
});

test("a repository with dots in its name is that repository (vercel/next.js is not vercel/next)", async () => {
  const repository = await s.repository({ name: "next.js" });
  const service = await s.service();
  const credentials = { type: "pat", token: s.token } as const;
  const { id, repo } = await service.provision({ repo: repository.url, credentials });
  expect(repo).toBe(repository.url);
  await sh(service, id, "git commit -q --allow-empty -m x");
  const pr = await service.finalize(id, { push: true, createPr: true, pr: { title: "Dots" } });
  expect(pr?.url).toBe(`${s.github.url}/org/next.js/pull/1`);
  await service.cleanup(id);
});

test("a new instance sees the workspaces of the one before, and its rights, and goes on with them", async () => {
  const repository = await s.repository({ private: true });
  const credentials = { type: "pat", token: s.token } as const;
  const first = await s.service();
  const made = await first.provision({ repo: repository.url, execution: { id: "exec-old" }, credentials });
  await sh(first, made.id, "git commit -q --allow-empty -m before");

  const second = await s.service();
  expect(second.get(made.id)).toEqual(made);
  expect(second.getForExecution("exec-old")).toEqual([made]);
  const { commit } = await second.push(made.id);
  expect(await sh(second, made.id, "git rev-parse HEAD '@{upstream}'")).toBe(`${commit}\n${commit}`);
  expect(await second.cleanup(made.id)).toEqual({ kept: false });

  const third = await s.service();
  expect(third.get(made.id)?.status).toBe("cleaned_up");
  expect(third.list()).toEqual([]);
  expect(third.list({ cleanedUp: true }).map(({ id }) => id)).toContain(made.id);
});

test("at the end of its time a workspace is cleaned up, unless work in it lies nowhere else: then it is kept and stopped", async () => {
  const repository = await s.repository();
  const clock = createLeapingClock();
  const service = await s.service({ clock, workspaceTtlSeconds: 60 });
  const idle = await service.provision({ repo: repository.url });
  const busy = await service.provision({ repo: repository.url });
  const failed = await service.provision({ repo: `${s.github.url}/org/none` }).catch(() => undefined);
  expect(failed).toBeUndefined();
  await sh(service, busy.id, "echo work > work.txt");
  clock.leap(61_000);
  await expect.poll(() => service.get(idle.id)?.status, WAIT).toBe("cleaned_up");
  await expect.poll(() => service.list().map(({ id }) => id), WAIT).toEqual([busy.id]);
  expect(existsSync(idle.path)).toBe(false);
  expect(existsSync(join(busy.path, "work.txt"))).toBe(true);
  expect(await service.cleanup(busy.id)).toEqual({
    kept: true,
    reason: "unpushed_work",
    holder: expect.stringContaining("1 file") as string,
  });
  expect(await service.cleanup(busy.id, { force: true })).toEqual({ kept: false });

  const lasting = await s.service({ clock, workspaceTtlSeconds: 60, autoCleanup: false });
  const kept = await lasting.provision({ repo: repository.url });
  clock.leap(61_000);
  clock.leap(61_000);
  expect(await sh(lasting, kept.id, "echo alive")).toBe("alive");
  await lasting.cleanup(kept.id);
});

test("an app's tokens are for one workspace, and their end is told to the forge (revocation that does nothing)", async () => {
  const repository = await s.repository({ private: true });
  const keys = generateKeyPairSync("rsa", {
    modulusLength: 2_048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const app = s.github.app({ publicKey: keys.publicKey });
  s.github.install(app.id, "org");
  const { url, apiUrl } = s.github;
  const githubApp = { appId: app.id, privateKey: keys.privateKey };
  const service = await s.service({ githubApp, github: { url, apiUrl } });
  const workspace = await service.provision({ repo: repository.url, execution: { id: "exec-app" } });
  expect(workspace.credential).toMatchObject({ type: "github_app", provider: "github" });
  await sh(service, workspace.id, "git commit -q --allow-empty -m x");
  const pr = await service.finalize(workspace.id, {
    push: true,
    createPr: true,
    pr: { title: "By an app" },
    cleanup: true,
  });
  expect(pr?.state).toBe("open");
  const revoked = s.github.calls.filter((call) => call.startsWith("DELETE /installation/token"));
  // Git's and that of the API.
  expect(revoked).toEqual(["DELETE /installation/token 204", "DELETE /installation/token 204"]);
  expect(
    s.events.filter(({ type, workspaceId }) => type === "credential:revoked" && workspaceId === workspace.id),
  ).toHaveLength(1);
});

test("a token for one forge is not shown to another, and none goes out in the clear or over ssh", async () => {
  const repository = await s.repository();
  const service = await s.service();
  const { token } = s;
  const before = s.github.git.requests.length;
  const refused = [
    { repo: "https://gitlab.example.test/org/repo", credentials: { type: "pat", token, provider: "github" } },
    { repo: "git@gitlab.example.test:org/repo", credentials: { type: "pat", token } },
    { repo: repository.url, credentials: { type: "pat", token: `${token}\r\nX-Other: 1` } },
    { repo: repository.url, credentials: { type: "ssh" } },
    { repo: repository.url, provider: "bitbucket" },
    { repo: repository.url.replace("https://", "https://ada:secret@") },
  ] as const;
  for (const attempt of refused) {
    const error: unknown = await service.provision(attempt).catch((reason: unknown) => reason);
    expect(isWsError(error) ? error.code : error).toMatch(/^invalid_(?:input|clone_url)$/);
    expect(String(error)).not.toContain(token);
  }
  expect(s.github.git.requests.length).toBe(before);
  expect(service.list()).toEqual([]);
  expect(filesWith(s.directory, token)).toEqual([]);
});
