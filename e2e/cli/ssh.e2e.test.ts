import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { startAgentProcess, type AgentProcess, type CommandResult } from "../support/agent-process.ts";
import { shareAgent } from "../support/share-agent.ts";

/** A person's own configuration, which has no newline at its end. */
const OWN_CONFIG = "Host example.com\n  User git";

let agent: AgentProcess;
let home: string;
/** Another worker, behind this one. */
let desk: AgentProcess;

shareAgent(async (parts) => {
  home = mkdtempSync(join(tmpdir(), "ws-e2e-ssh-"));
  parts.defer(() => rmSync(home, { recursive: true, force: true }));
  mkdirSync(join(home, ".ssh"), { mode: 0o700 });
  writeFileSync(join(home, ".ssh/config"), OWN_CONFIG);
  agent = parts.use(await startAgentProcess());
  const { token } = await agent.client.workers.add({ name: "desk" });
  desk = parts.use(
    await startAgentProcess({ env: { WS_RUNTIME: "local", WS_HUB_URL: agent.url, WS_HUB_TOKEN: token } }),
  );
  await Promise.all([
    agent.client.workspaces.create({ name: "boxed", runtime: "docker" }),
    agent.client.workspaces.create({ name: "plain", runtime: "local" }),
    desk.client.workspaces.create({ name: "far" }),
  ]);
  await vi.waitFor(async () => {
    if ((await agent.client.workers.list())[0]?.state !== "online") throw new Error("not linked yet");
  });
  const { code, stderr } = await agent.ws(["ssh-config"], { env: { HOME: home } });
  if (code !== 0) throw new Error(stderr);
  return agent;
});

/** Runs one of OpenSSH's programs, or one that uses them, as the person whose home it is. */
function run(
  program: string,
  words: readonly string[],
  stdin = "",
  env: Record<string, string | undefined> = environment(),
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      [...words],
      { cwd: home, env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : -1, stdout, stderr }),
    );
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(stdin);
  });
}

const environment = (): Record<string, string | undefined> => ({
  ...process.env,
  HOME: home,
  // OpenSSH looks for it in the home of the user database.
  GIT_SSH_COMMAND: `ssh ${configured().join(" ")}`,
  GIT_CONFIG_GLOBAL: "/dev/null",
});
const configured = (): string[] => ["-F", join(home, ".ssh/config")];
const ssh = (words: readonly string[], stdin?: string): Promise<CommandResult> =>
  run("ssh", [...configured(), ...words], stdin);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

describe.each(["boxed", "plain"])("OpenSSH's client and %s.ws", (name) => {
  const host = `${name}.ws`;

  test("runs a command, with both outputs and its exit code, and a script on its input", async () => {
    const ran = await ssh([host, "echo out; echo err >&2; exit 7"]);
    expect(ran).toEqual({ code: 7, stdout: "out\n", stderr: "err\n" });
    expect(await ssh(["-T", host, "sh"], "echo words\necho $((6 * 7))\n")).toMatchObject({
      code: 0,
      stdout: "words\n42\n",
    });
    // What stands between a sandbox and its programs tells the signal as a code.
    expect([143, 255]).toContain((await ssh([host, "kill -TERM $$"])).code);
    expect((await ssh(["-tt", host, "test -t 0 && echo terminal; exit 3"])).code).toBe(3);
  });

  test("copies by scp in both its ways, by sftp and by rsync, and nothing is lost", async () => {
    const content = randomBytes(6_000_000);
    writeFileSync(join(home, "file"), content);
    const command = `ssh ${configured().join(" ")}`;
    const copies: [string, string[], string][] = [
      ["scp", [...configured(), "-q", "file", `${host}:by-scp`], "by-scp"],
      ["scp", [...configured(), "-q", "-O", "file", `${host}:by-old-scp`], "by-old-scp"],
      ["rsync", ["-e", command, "-a", "file", `${host}:by-rsync`], "by-rsync"],
    ];
    for (const [program, words, there] of copies) {
      expect(await run(program, words)).toMatchObject({ code: 0 });
      const back = program === "rsync" ? ["-e", command, "-a"] : words.slice(0, -2);
      expect(await run(program, [...back, `${host}:${there}`, `${name}-${there}`])).toMatchObject({ code: 0 });
      expect(readFileSync(join(home, `${name}-${there}`)).equals(content)).toBe(true);
    }
    const batch = `put file by-sftp\nrename by-sftp moved\nget moved ${name}-by-sftp\nrm moved\n`;
    expect(await run("sftp", [...configured(), "-b", "-", host], batch)).toMatchObject({ code: 0 });
    expect(readFileSync(join(home, `${name}-by-sftp`)).equals(content)).toBe(true);
  });

  test("is a remote of git: cloned from, pushed to and fetched from", async () => {
    expect(await ssh([host, "git init -q --bare -b main tool.git"])).toMatchObject({ code: 0 });
    const git = (...words: string[]): Promise<CommandResult> =>
      run("git", ["-C", `${name}-tool`, "-c", "user.name=a", "-c", "user.email=a@example.test", ...words]);
    expect(await run("git", ["clone", "-q", `${host}:tool.git`, `${name}-tool`])).toMatchObject({ code: 0 });
    await git("commit", "-q", "--allow-empty", "-m", "one");
    expect(await git("push", "-q", "origin", "HEAD:main")).toMatchObject({ code: 0 });
    expect(await git("fetch", "origin")).toMatchObject({ code: 0 });
    const there = await ssh([host, "git --git-dir=tool.git rev-parse main"]);
    expect(there).toMatchObject({ code: 0, stderr: "" });
    expect(there.stdout).toBe((await git("rev-parse", "origin/main")).stdout);
  });

  test("leads ports here, there and through SOCKS, as editors use them", async () => {
    const [inside, here, socks, back] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    const server = `use Socket; socket(S,PF_INET,SOCK_STREAM,0); setsockopt(S,SOL_SOCKET,SO_REUSEADDR,1);
      bind(S,sockaddr_in(${inside},INADDR_LOOPBACK)) or die; listen(S,5); $| = 1; print "ready\\n";
      while (accept(C,S)) { syswrite(C,"HTTP/1.0 200 OK\\r\\n\\r\\nfrom ${name}"); close C }`;
    const forwards = ["-L", `${here}:localhost:${inside}`, "-D", String(socks), "-R", `${back}:localhost:${here}`];
    const child = spawn(
      "ssh",
      [...configured(), "-T", "-o", "ExitOnForwardFailure=yes", ...forwards, host, `perl -e '${server}'`],
      { env: environment(), stdio: ["pipe", "pipe", "inherit"] },
    );
    onTestFinished(() => void child.kill());
    await once(createInterface({ input: child.stdout }), "line");
    const curl = (...words: string[]): Promise<CommandResult> => run("curl", ["-s", "--max-time", "10", ...words]);
    expect((await curl(`http://127.0.0.1:${here}/`)).stdout).toBe(`from ${name}`);
    const throughSocks = ["--socks5-hostname", `127.0.0.1:${socks}`];
    expect((await curl(...throughSocks, `http://localhost:${inside}/`)).stdout).toBe(`from ${name}`);
    // What is no port of the workspace is not led to, whatever it may reach itself.
    expect((await curl(...throughSocks, "http://192.0.2.1/")).code).not.toBe(0);
    const asked = await ssh([host, `curl -s --max-time 10 http://127.0.0.1:${back}/`]);
    expect(asked.stdout).toBe(`from ${name}`);
    // What the worker itself brought there is not shown as the workspace's own.
    const listed = await agent.client.ports.list({ name });
    expect(listed.find(({ port }) => port === inside)).toMatchObject({ listening: true, addresses: ["127.0.0.1"] });
    expect(listed.map(({ port }) => port)).not.toContain(back);
  });
});

test("a workspace of a worker behind this one has its worker's name", async () => {
  expect(await ssh(["far.desk.ws", "echo $WS_NAME"])).toMatchObject({ code: 0, stdout: "far\n" });
});

test("with another device's key, or a token of another workspace, nobody is let in", async () => {
  const other = join(home, "other");
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", other]);
  const shown = (await ssh(["-G", "boxed.ws"])).stdout;
  const proxy = /^proxycommand (.*)$/m.exec(shown)?.[1] ?? "";
  const alias = /^hostkeyalias (.*)$/m.exec(shown)?.[1] ?? "";
  const words = [
    "-F",
    "/dev/null",
    "-o",
    `ProxyCommand=${proxy}`,
    "-o",
    `HostKeyAlias=${alias}`,
    "-o",
    `UserKnownHostsFile=${join(agent.configDirectory, "ssh/known_hosts")}`,
    "-o",
    "IdentitiesOnly=yes",
    "-o",
    "BatchMode=yes",
  ];
  expect(await run("ssh", [...words, "-i", other, "boxed.ws", "true"])).toMatchObject({
    code: 255,
    stderr: expect.stringContaining("Permission denied (publickey)") as string,
  });
  expect(
    await run("ssh", [...words, "-i", join(agent.configDirectory, "ssh/id_ed25519"), "boxed.ws", "true"]),
  ).toMatchObject({ code: 0 });

  // At the workspace's own port the key alone decides.
  const { ports } = await agent.client.workspaces.get({ name: "boxed" });
  const byPort = ["-o", "ProxyCommand=none", "-p", String(ports.ssh), ...words];
  const own = join(agent.configDirectory, "ssh/id_ed25519");
  const named = [...byPort, "-i", own, "127.0.0.1", "echo $WS_NAME"];
  expect(await run("ssh", named)).toMatchObject({ code: 0, stdout: "boxed\n" });
  expect(await run("ssh", [...byPort, "-i", other, "127.0.0.1", "true"])).toMatchObject({ code: 255, stdout: "" });

  const { token } = await agent.client.tokens.create({ name: "plain only", scope: "workspace:plain" });
  const asOther = { WS_WORKER: agent.url, WS_TOKEN: token };
  expect(await agent.ws(["ssh-proxy", "boxed.ws"], { env: asOther })).toMatchObject({ code: 6, stdout: "" });
  const keyless = await agent.ws(["ssh-proxy", "plain.ws"], { env: asOther });
  expect(keyless).toMatchObject({ code: 6, stdout: "" });
  expect(keyless.stderr).toContain("does not know the SSH key of this device");
});

test("a token that is revoked ends what was opened with it", async () => {
  const { token, id } = await agent.client.tokens.create({ name: "laptop", scope: "write" });
  const env = { ...environment(), WS_WORKER: agent.url, WS_TOKEN: token };
  const laptop = mkdtempSync(join(home, "laptop-"));
  mkdirSync(join(laptop, ".ssh"), { mode: 0o700 });
  const device = { ...env, HOME: laptop, WS_CONFIG_DIR: join(laptop, "config") };
  expect(await agent.ws(["ssh-config"], { env: device })).toMatchObject({ code: 0 });
  const child = spawn("ssh", ["-F", join(laptop, ".ssh/config"), "plain.ws", "echo ready; exec sleep 600"], {
    env: device,
    stdio: ["ignore", "pipe", "ignore"],
  });
  onTestFinished(() => void child.kill());
  await once(createInterface({ input: child.stdout }), "line");
  const ended = once(child, "exit");
  await agent.client.tokens.revoke({ token: id });
  expect((await ended)[0]).toBe(255);
  await expect.poll(async () => (await ssh(["plain.ws", "pgrep -fx 'sleep 600' || true"])).stdout).toBe("");
});

test("a host name that a repository chose is no command", async () => {
  const canary = join(home, "canary");
  for (const name of [
    `x';touch ${canary};'.ws`,
    `$(touch ${canary}).ws`,
    `\`touch ${canary}\`.ws`,
    `x;touch ${canary};.ws`,
  ]) {
    expect((await ssh(["-o", "ConnectTimeout=5", "--", name, "true"])).code).toBe(255);
  }
  expect(existsSync(canary)).toBe(false);
});

test("what was run so is in the audit as anything else that was run", async () => {
  await ssh(["boxed.ws", "echo one 'two words'; exit 4"]);
  const entries = await agent.client.audit.list({ target: "boxed", limit: 50 });
  expect(entries.find(({ details }) => details?.["exitCode"] === "4")).toMatchObject({
    action: "exec",
    who: "local",
    outcome: "ok",
    details: { command: "echo one 'two words'; exit 4", by: "ssh" },
  });
});

test("an editor is told the host and the directory", async () => {
  const bin = mkdtempSync(join(home, "bin-"));
  writeFileSync(join(bin, "code"), `#!/bin/sh\nprintf '%s\\n' "$@" >"${bin}/asked"\n`);
  chmodSync(join(bin, "code"), 0o755);
  const env = { HOME: home, PATH: `${bin}:${process.env["PATH"]}` };
  const { directory = "" } = await agent.client.workspaces.get({ name: "plain" });
  expect(await agent.ws(["open", "plain", "code"], { env })).toMatchObject({ code: 0 });
  expect(readFileSync(join(bin, "asked"), "utf8")).toBe(`--remote\nssh-remote+plain.ws\n${directory}\n`);
  const missing = await agent.ws(["open", "plain", "zed"], { env: { ...env, PATH: `${bin}:/usr/bin:/bin` } });
  expect(missing.stderr).toContain("'zed' cannot be started on this device. (editor_missing)");
});

test("it is taken away as if it had never been there", async () => {
  expect(readFileSync(join(home, ".ssh/config"), "utf8")).toMatch(/^Include "[^"]+"\n/);
  expect(await agent.ws(["ssh-config", "--remove"], { env: { HOME: home } })).toMatchObject({ code: 0 });
  expect(readFileSync(join(home, ".ssh/config"), "utf8")).toBe(OWN_CONFIG);
  expect((await agent.client.ssh.info()).key).toBeUndefined();
  expect((await ssh(["boxed.ws", "true"])).stderr).toContain("Could not resolve hostname");
});
