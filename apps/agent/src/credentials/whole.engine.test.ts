import { generateKeyPairSync, randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { safe } from "@orpc/client";
import { startGitHubServer, startGitServer } from "@ws/git-provider/testing";
import { expect, onTestFinished, test } from "vitest";
import { createAdapters } from "../runtimes/adapters.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { startTestAgent } from "../testing/test-agent.ts";

const USER = "x-access-token";
const COMMIT = "git -c user.name=T -c user.email=t@example.test commit -q --allow-empty -m Change";

/** The agent as it is, on the local runtime. */
async function startAgent(env: Record<string, string>) {
  const directory = tempDir();
  onTestFinished(() => directory[Symbol.dispose]());
  const configDirectory = join(directory.path, "config");
  const agent = await startTestAgent({
    configDirectory,
    env: { ...process.env, WS_RUNTIME: "local", ...env },
    adapters: createAdapters,
  });
  onTestFinished(() => agent[Symbol.asyncDispose]());
  const { credentials, workspaces } = agent.local;
  const sh = async (name: string, command: string) => workspaces.exec({ name, command });
  return { agent, configDirectory, credentials, workspaces, sh };
}

test("a private repository is cloned and pushed with the worker's token, of which the workspace has nothing, and not without it (secrets in every workspace, CVE-2025-66411)", async () => {
  const [token, next] = [randomBytes(20).toString("hex"), randomBytes(20).toString("hex")];
  let valid = token;
  const server = await startGitServer();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const auth = (name: string, password: string): boolean => name === USER && password === valid;
  const repository = await server.create("org/app", { auth });
  const host = new URL(server.origin).host;
  const { agent, configDirectory, credentials, workspaces, sh } = await startAgent({ WS_GIT_CA: server.caFile });
  await credentials.set({ name: "work", type: "pat", value: token, host });
  // What leads git to the worker is not lost with it.
  const gitconfig = join(configDirectory, "gitconfig");
  writeFileSync(gitconfig, "[user]\n\tname = Ada\n\temail = ada@example.test\n");
  await credentials.set({ name: "~/.gitconfig", type: "file", value: gitconfig });
  const made = await workspaces.create({ name: "demo", clone: repository.url });
  expect((await sh("demo", "git config user.name")).stdout).toBe("Ada\n");
  const pushed = await sh("demo", `${COMMIT} && git push origin HEAD 2>&1; git fetch --all 2>&1`);
  expect(pushed.exitCode).toBe(0);
  expect(await repository.git("rev-parse", made.branch ?? "")).toMatch(/^[0-9a-f]{40}/);
  const elsewhere = await sh("demo", "git push origin HEAD:refs/heads/main 2>&1");
  expect(elsewhere.exitCode).not.toBe(0);

  const helper = await sh("demo", "cat .parallax-credentials");
  expect(helper.stdout.split("\n").slice(0, 4)).toEqual([
    "#!/bin/sh",
    `# Workspace: ${made.id}`,
    "# Execution: none",
    expect.stringMatching(/^# Expires: 20\d\d-/),
  ]);
  const asked = `printf 'protocol=https\\nhost=${host}\\npath=org/app.git\\n\\n'`;
  expect((await sh("demo", `${asked} | ./.parallax-credentials get`)).stdout).toContain(`username=${USER}`);
  expect((await sh("demo", `${asked} | sed s/^host=.*/host=evil.test/ | ./.parallax-credentials get`)).stdout).toBe("");

  // The forge has another one by now: what was refused is not shown again, and the new one holds at once.
  valid = next;
  expect((await sh("demo", "git fetch 2>&1")).exitCode).not.toBe(0);
  await credentials.set({ name: "work", type: "pat", value: next, host });
  expect((await sh("demo", "git fetch 2>&1")).exitCode).toBe(0);

  const heard = [
    helper,
    pushed,
    elsewhere,
    await sh("demo", "env; git config --list; git remote -v; cat /proc/*/environ /proc/*/cmdline 2>/dev/null"),
  ];
  const kept = [
    JSON.stringify(heard),
    agent.logged.join(""),
    ...filesBelow(configDirectory)
      .filter(([path]) => !path.endsWith("secrets.json"))
      .map(([, text]) => text),
  ];
  for (const secret of [token, next]) {
    for (const word of [secret, Buffer.from(`${USER}:${secret}`).toString("base64")]) {
      expect(kept.some((text) => text.includes(word))).toBe(false);
    }
  }
  // That the search finds what is there.
  expect(filesBelow(configDirectory).some(([, text]) => text.includes(next))).toBe(true);

  const { error } = await safe(workspaces.create({ name: "shut", clone: repository.url, credentials: "none" }));
  expect((error as Error).message).toContain("Authentication failed");
  await credentials.revoke({ name: "demo" });
  expect((await sh("demo", "git fetch 2>&1")).exitCode).not.toBe(0);
});

test("a token of the app that is refused in the middle of a push is made anew, the push arrives once, and all end with the workspace and the agent", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  // It holds every request against GitHub's own description.
  await using github = await startGitHubServer();
  const app = github.app({ publicKey: publicKey.export({ type: "spki", format: "pem" }) });
  const repository = await github.repository("org/app", { private: true });
  await github.repository("org/other", { private: true });
  github.install(app.id, "org");
  const { agent, credentials, workspaces, sh } = await startAgent({
    WS_GITHUB_URL: github.url,
    WS_GIT_CA: github.git.caFile,
  });
  const key = privateKey.export({ type: "pkcs1", format: "pem" });
  const set = await credentials.set({ name: "github-app", type: "github_app", value: key, appId: String(app.id) });
  expect(set).toMatchObject({ checked: true, login: `${app.slug}[bot]`, host: new URL(github.url).host });
  await workspaces.create({ name: "demo", clone: repository.url });
  const count = (call: string): number => github.calls.filter((made) => made === call).length;
  const minted = (): number => github.calls.filter((made) => made.endsWith("/access_tokens 201")).length;
  expect(minted()).toBe(1);
  github.git.breakPush("org/app", { afterBytes: 2_000_000, end: 401 });
  const big = "head -c 8000000 /dev/urandom >big && git add big && git commit -qm Big";
  const pushed = await sh("demo", `${big} && git push origin HEAD 2>&1`);
  expect([pushed.exitCode, pushed.stdout]).toEqual([0, expect.stringContaining("[new branch]")]);
  expect(minted()).toBe(2);
  expect((await sh("demo", "git log -1 --format=%an")).stdout).toBe(`${app.slug}[bot]\n`);
  expect((await sh("demo", "git ls-remote origin HEAD 2>&1")).exitCode).toBe(0);
  expect((await sh("demo", `git ls-remote ${github.url}/org/other 2>&1`)).exitCode).not.toBe(0);
  await workspaces.delete({ name: "demo", force: true });
  expect(count("DELETE /installation/token 204")).toBe(2);
  // Nobody would know of it after a restart.
  await workspaces.create({ name: "kept", clone: repository.url });
  await agent.agent.close();
  expect(count("DELETE /installation/token 204")).toBe(minted());
});

test("whoever logs the worker in with a code has its workspaces clone with that login, until it is removed", async () => {
  await using github = await startGitHubServer();
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { clientId } = github.app({ publicKey: publicKey.export({ type: "spki", format: "pem" }) });
  const repository = await github.repository("ada/app", { private: true });
  const env = { WS_GITHUB_URL: github.url, WS_GIT_CA: github.git.caFile, WS_GITHUB_CLIENT_ID: clientId };
  const { credentials, workspaces, sh } = await startAgent(env);
  for await (const step of await credentials.login()) {
    if (step.type === "code") github.decide(step.userCode, { login: "ada" });
    else expect(step).toMatchObject({ login: "ada", host: new URL(github.url).host });
  }
  const [login] = await credentials.list();
  expect(login).toMatchObject({ type: "oauth", source: "ws login", usedBy: [] });
  await workspaces.create({ name: "demo", clone: repository.url });
  expect((await credentials.status()).credentials).toMatchObject([{ usedBy: ["demo"] }]);
  await credentials.remove({ name: login?.name ?? "" });
  expect((await sh("demo", "git fetch 2>&1")).exitCode).not.toBe(0);
});

test("file credentials keep their modes, and a link where they are to go leads nowhere (docker cp through ~/.ssh -> /etc)", async () => {
  const { credentials, workspaces, sh, configDirectory } = await startAgent({});
  const source = join(configDirectory, "ssh");
  mkdirSync(source);
  writeFileSync(join(source, "id_ed25519"), "private", { mode: 0o600 });
  writeFileSync(join(source, "id_ed25519.pub"), "public", { mode: 0o644 });
  await credentials.set({ name: "~/.ssh", type: "file", value: source });
  await workspaces.create({ name: "demo" });
  expect((await sh("demo", "stat -c '%a %n' ~/.ssh ~/.ssh/* | sed 's|/.*/||'")).stdout).toBe(
    "700 .ssh\n600 id_ed25519\n644 id_ed25519.pub\n",
  );
  const outside = tempDir();
  onTestFinished(() => outside[Symbol.dispose]());
  await sh("demo", `rm -rf ~/.ssh && ln -s ${outside.path} ~/.ssh`);
  await workspaces.restart({ name: "demo" });
  expect(readdirSync(outside.path)).toEqual([]);
  expect(await workspaces.logs({ name: "demo" })).toMatch(
    /The file ~\/\.ssh\/id_ed25519 was not copied: .*\.ssh is a link/,
  );
  expect((await workspaces.get({ name: "demo" })).status).toBe("running");
});

/** Every file with its content; what a workspace's sandbox made lies there, too. */
function filesBelow(directory: string): [string, string][] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => join(directory, name))
    .filter((path) => !lstatSync(path).isSymbolicLink() && statSync(path).isFile())
    .map((path) => [path, readFileSync(path, "latin1")]);
}
