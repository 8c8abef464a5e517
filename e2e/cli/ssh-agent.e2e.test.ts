import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { onScreen } from "../support/screen.ts";
import { shareAgent } from "../support/share-agent.ts";

const run = promisify(execFile);
const launcher = fileURLToPath(new URL("../../ws", import.meta.url));
const NAMES = ["boxed", "plain"] as const;

let agent: AgentProcess;
/** Behind it, with a workspace of the same name as one of its own. */
let desk: AgentProcess;
/** A person's own, which has no configuration of SSH. */
let home: string;
let env: NodeJS.ProcessEnv;

shareAgent(async (parts) => {
  home = mkdtempSync(join(tmpdir(), "ws-e2e-agent-"));
  parts.defer(() => rmSync(home, { recursive: true, force: true }));
  agent = parts.use(await startAgentProcess());
  await Promise.all([
    agent.client.workspaces.create({ name: "boxed", runtime: "docker" }),
    agent.client.workspaces.create({ name: "plain", runtime: "local" }),
  ]);
  const token = (await agent.ws(["worker", "add", "desk"])).stdout.trim();
  desk = parts.use(await startAgentProcess({ config: { hub: { url: agent.url } }, env: { WS_HUB_TOKEN: token } }));
  await desk.client.workspaces.create({ name: "plain", runtime: "local" });
  return agent;
});

beforeAll(async () => {
  const socket = join(home, "socket");
  const keeper = spawn("ssh-agent", ["-D", "-a", socket], { stdio: ["ignore", "pipe", "ignore"] });
  await once(createInterface({ input: keeper.stdout }), "line");
  env = { ...process.env, HOME: home, SSH_AUTH_SOCK: socket, WS_CONFIG_DIR: agent.configDirectory };
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "the key of a person", "-f", join(home, "key")]);
  await run("ssh-add", ["-q", join(home, "key")], { env });
  return () => void keeper.kill();
});

const ws = (words: readonly string[]) =>
  agent.ws(words, { env: { HOME: home, SSH_AUTH_SOCK: env["SSH_AUTH_SOCK"] ?? "" } });
const lentBy = async (name: string): Promise<string[]> => (await agent.client.workspaces.get({ name })).sshAgents ?? [];

test.each(NAMES)("ws exec -A lends it to a command in %s, and only to that", async (name) => {
  const lent = await ws(["exec", "-A", name, "--", "sh", "-c", "ssh-add -l; echo $SSH_AUTH_SOCK"]);
  expect(lent).toMatchObject({ code: 0, stderr: "" });
  expect(lent.stdout).toContain("the key of a person (ED25519)");
  const socket = lent.stdout.trim().split("\n").at(-1) ?? "";
  expect(socket).toMatch(/^\/tmp\/ws-ssh-\w+\/agent$/);
  expect(await ws(["exec", name, "--", "sh", "-c", 'echo "[$SSH_AUTH_SOCK]"'])).toMatchObject({ stdout: "[]\n" });
  await expect
    .poll(async () => (await ws(["exec", name, "--", "sh", "-c", `ls -d ${socket} ~/.ws/ssh-agent || true`])).stdout)
    .toBe("");
  expect(await lentBy(name)).toEqual([]);
  expect(await ws(["exec", "-A", name, "--", "sh", "-c", "exit 7"])).toMatchObject({ code: 7 });
});

test.each(NAMES)(
  "ws shell -A lends it to a new terminal of %s as long as it is open, and ws info says so",
  async (name) => {
    const shell = onScreen(`${launcher} shell -A ${name}`, { env: { ...env, TERM: "xterm" } });
    onTestFinished(() => shell.close());
    await shell.shows(/[$#] /);
    shell.press("ssh-add -l\r");
    await shell.shows(/the key of a person \(ED25519\)/);
    expect(await lentBy(name)).toEqual(["local"]);
    expect((await ws(["info", name])).stdout).toMatch(/SSH agent +lent by local/);
    shell.press("\u001d");
    await shell.shows(/left; go on with: ws shell \w+ -A/);
    expect(await shell.ended).toBe(0);
    await expect.poll(() => lentBy(name)).toEqual([]);

    const again = onScreen(`${launcher} shell -A ${name}`, { env: { ...env, TERM: "xterm" } });
    onTestFinished(() => again.close());
    await again.shows(/finds your SSH agent by: export SSH_AUTH_SOCK=\S+\/\.ws\/ssh-agent/);
    await again.shows(/[$#] /);
    again.press("ssh-add -l | tr a-z A-Z\r");
    await again.shows(/THE KEY OF A PERSON/);
    again.press("exit\r");
    await again.shows(/exited 0/);
  },
);

test("the worker that is named in whatever way is lent it, and no other that has a workspace of that name", async () => {
  await expect.poll(async () => (await agent.client.workers.list()).map(({ state }) => state)).toEqual(["online"]);
  const lentAt = async (worker: AgentProcess) =>
    (await worker.client.workspaces.get({ name: "plain" })).sshAgents?.length ?? 0;
  const clientFile = join(agent.configDirectory, "client.json");
  onTestFinished(() => rmSync(clientFile, { force: true }));
  // This device has one of that name, too, which commands with --on are not for.
  writeFileSync(clientFile, JSON.stringify({ workers: { desk: { url: agent.url, token: agent.token } } }), {
    mode: 0o600,
  });
  for (const [words, on, lent] of [
    ["", "desk", [0, 1]],
    ["--on desk", "", [0, 1]],
    ["--on=", "desk", [1, 0]],
  ] as const) {
    const command = onScreen(`${launcher} ${words} exec -A plain -- sh -c 'ssh-add -l; read _'`, {
      env: { ...env, WS_ON: on },
    });
    onTestFinished(() => command.close());
    await command.shows(/the key of a person/);
    expect([await lentAt(agent), await lentAt(desk)]).toEqual(lent);
    command.press("\r");
    expect(await command.ended).toBe(0);
  }
});

test("it needs no set-up of SSH, changes none, and goes to the worker that is in use since", async () => {
  const device = mkdtempSync(join(tmpdir(), "ws-e2e-device-"));
  onTestFinished(() => rmSync(device, { recursive: true }));
  const workers = {
    one: { url: agent.url, token: agent.token },
    two: { url: desk.url, token: desk.token },
  };
  writeFileSync(join(device, "client.json"), JSON.stringify({ worker: "one", workers }), { mode: 0o600 });
  const asDevice = { HOME: home, SSH_AUTH_SOCK: env["SSH_AUTH_SOCK"] ?? "", WS_CONFIG_DIR: device };
  const lent = async (more: Record<string, string> = {}) =>
    (await agent.ws(["exec", "-A", "plain", "--", "ssh-add", "-l"], { env: { ...asDevice, ...more } })).stdout;
  expect(await lent()).toContain("the key of a person");
  expect(existsSync(join(device, "ssh/config"))).toBe(false);
  expect((await agent.ws(["ssh-config", "--print"], { env: asDevice })).code).toBe(0);
  expect(await lent({ WS_WORKER: "two" })).toContain("the key of a person");
});

test("a terminal finds the agent of one that stays when another one, which came later, has left", async () => {
  const first = onScreen(`${launcher} shell -A plain`, { env: { ...env, TERM: "xterm" } });
  onTestFinished(() => first.close());
  await first.shows(/[$#] /);
  const later = onScreen(`${launcher} shell -A plain -t later`, { env: { ...env, TERM: "xterm" } });
  onTestFinished(() => later.close());
  await later.shows(/[$#] /);
  expect(await ws(["exec", "-A", "plain", "--", "true"])).toMatchObject({ code: 0, stderr: "" });
  later.press("exit\r");
  await later.ended;
  await expect.poll(async () => (await lentBy("plain")).length).toBe(1);
  first.press("ssh-add -l | tr a-z A-Z\r");
  await first.shows(/THE KEY OF A PERSON/);
  first.press("exit\r");
  await first.ended;
  await expect
    .poll(async () => (await ws(["exec", "plain", "--", "sh", "-c", "ls -A ~/.ws | grep ssh-agent"])).stdout)
    .toBe("");
});

test("Ctrl-C is for the command alone, which keeps the agent as long as it goes on", async () => {
  const command = onScreen(
    `${launcher} exec -A plain -- sh -c 'trap "echo interrupted" INT; echo ready; while ! read line; do :; done; ssh-add -l'`,
    { env },
  );
  onTestFinished(() => command.close());
  await command.shows(/ready/);
  command.press("\u0003");
  await command.shows(/interrupted/);
  expect(await lentBy("plain")).toEqual(["local"]);
  command.press("go on\r");
  await command.shows(/the key of a person/);
});

test("without an agent here, and for code that is not trusted, none is lent and nothing runs", async () => {
  const none = await agent.ws(["exec", "-A", "plain", "--", "touch", "ran"], {
    env: { HOME: home, SSH_AUTH_SOCK: "" },
  });
  expect([none.code, none.stderr]).toEqual([125, expect.stringContaining("(ssh_agent_missing)")]);
  const gone = { HOME: home, SSH_AUTH_SOCK: join(home, "nobody") };
  const refused = await agent.ws(["exec", "-A", "plain", "--", "touch", "ran"], { env: gone });
  expect(refused.code).toBe(125);
  expect(await ws(["exec", "plain", "--", "sh", "-c", "test -e ran; echo $?"])).toMatchObject({ stdout: "1\n" });
});
