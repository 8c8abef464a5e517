import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { shareAgent } from "../support/share-agent.ts";

const launcher = fileURLToPath(new URL("../../ws", import.meta.url));

describe.each(["docker", "local"] as const)("a command on the %s runtime", (runtime) => {
  let agent: AgentProcess;

  shareAgent(async (parts) => {
    agent = parts.use(await startAgentProcess({ env: { WS_RUNTIME: runtime } }));
    await agent.client.workspaces.create({ name: "demo" });
    return agent;
  });

  /** A client in front of a command; resolves once the command has said that it is ready. */
  async function start(code: string, terminal = false) {
    const argv = [launcher, "exec", "demo", "--", "sh", "-c", code];
    const quoted = argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    // Without exec, the shell that script starts may stay in front of the client and be ended by Ctrl-C itself.
    const [program = "", ...words] = terminal ? ["script", "-qec", `exec ${quoted}`, "/dev/null"] : argv;
    const client = spawn(program, words, { env: { ...process.env, WS_CONFIG_DIR: agent.configDirectory } });
    let printed = "";
    client.stdout.on("data", (bytes: Buffer) => (printed += bytes.toString()));
    const ended = once(client, "close").then(([exit]) => ({ exit: exit as number, printed }));
    await expect.poll(() => printed, { timeout: 20_000 }).toMatch(/ready \d+\s/);
    return { client, ended, pid: /ready (\d+)/.exec(printed)?.[1] ?? "" };
  }

  /** In words, because a client that fails would otherwise look like a process that is gone. */
  async function fateOf(pid: string): Promise<string> {
    const code = `kill -0 ${pid} 2>/dev/null && echo alive || echo gone`;
    return (await agent.ws(["exec", "demo", "--", "sh", "-c", code])).stdout;
  }

  const careful = `
    for each in HUP INT TERM; do trap "echo last words after $each; exit 8" $each; done
    echo ready $$; sleep 1000`;

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "that takes %s is heard to its end, and its exit code is the client's",
    async (signal) => {
      const { client, ended } = await start(careful);
      client.kill(signal);
      expect(await ended).toMatchObject({
        exit: 8,
        printed: expect.stringContaining(`\nlast words after ${signal.slice(3)}\n`) as string,
      });
    },
  );

  test("is interrupted by Ctrl-C on a terminal, and what it then says is shown", async () => {
    const { client, ended } = await start(careful, true);
    client.stdin.write("\u0003");
    expect(await ended).toMatchObject({
      exit: 8,
      printed: expect.stringContaining("last words after INT\r\n") as string,
    });
  });

  test("that takes no signal ends by it", async () => {
    const { client, ended } = await start("echo ready $$; exec sleep 1000");
    client.kill("SIGINT");
    expect((await ended).exit).toBe(130);
  });

  test("that does not end when interrupted is ended with its client by the second Ctrl-C", async () => {
    const { client, ended, pid } = await start(
      `trap 'echo not yet' INT; trap '' TERM; echo ready $$; while :; do sleep 0.1; done`,
    );
    let isHeard = false;
    client.stdout.on("data", (bytes: Buffer) => (isHeard ||= bytes.includes("not yet")));
    client.kill("SIGINT");
    await expect.poll(() => isHeard).toBe(true);
    client.kill("SIGINT");
    expect((await ended).exit).toBe(130);
    await expect.poll(() => fateOf(pid)).toBe("gone\n");
  });

  test("is ended when its client is", async () => {
    const { client, ended, pid } = await start(`trap '' INT; echo ready $$; while :; do sleep 0.1; done`);
    expect(await fateOf(pid)).toBe("alive\n");
    client.kill("SIGKILL");
    await ended;
    await expect.poll(() => fateOf(pid)).toBe("gone\n");
  });
});

test.each(["kill", "stop"] as const)(
  "an agent that goes away (%s) ends no log, which goes on with it, and no command",
  async (end) => {
    await using agent = await startAgentProcess({ env: { WS_RUNTIME: "local" } });
    await agent.client.workspaces.create({ name: "demo" });
    const begin = async (...argv: string[]) => {
      const client = spawn(launcher, argv, { env: { ...process.env, WS_CONFIG_DIR: agent.configDirectory } });
      const ended = Promise.all([once(client, "close"), text(client.stderr)]);
      await once(client.stdout, "data");
      return {
        hears: () => once(client.stdout, "data"),
        async end() {
          const [[code], said] = await ended;
          return { code: code as number, said };
        },
      };
    };
    const [log, json, command] = await Promise.all([
      begin("logs", "demo", "-f"),
      begin("logs", "demo", "-f", "--json"),
      begin("exec", "demo", "--", "sh", "-c", "echo up; sleep 1000"),
    ]);
    await agent[end]();
    const lost = await command.end();
    expect(lost.said).toMatch(/was lost before the command had ended\. \(connection_lost\)\n {4}.*ws exec demo -- ps/);
    expect(lost.code).toBe(125);
    await agent.start();
    const next = await begin("logs", "demo", "-f");
    // Who has not come back yet would find it gone.
    const back = Promise.all([log.hears(), json.hears()]);
    await agent.client.workspaces.stop({ name: "demo" });
    await agent.client.workspaces.start({ name: "demo" });
    await back;
    await agent.client.workspaces.delete({ name: "demo" });
    expect(await next.end()).toEqual({ code: 0, said: "" });
    expect(await log.end()).toEqual({
      code: 0,
      said: expect.stringMatching(
        /^The (?:agent went away|connection was lost)\. Trying again.*\nConnected again\.\n$/,
      ) as string,
    });
    // What reads JSON is told nothing that is none.
    expect(await json.end()).toEqual({ code: 0, said: "" });
  },
);

test("a terminal that shows a log is shown no sequence but colours, and of JSON none; a pipe gets the bytes (OSC 52 of a workspace)", async () => {
  await using agent = await startAgentProcess({ env: { WS_RUNTIME: "docker" } });
  await agent.client.workspaces.create({ name: "demo" });
  const hostile = String.raw`\033]52;c;aGVsbG8=\007\033[31mred\033[0m\033[2J\302\2332J`;
  await agent.ws(["exec", "demo", "--", "sh", "-c", `printf '${hostile}\\n' >/proc/1/fd/1`]);
  const raw = "\u001b]52;c;aGVsbG8=\u0007\u001b[31mred\u001b[0m\u001b[2J\u009b2J\n";
  const piped = async () => (await agent.ws(["logs", "demo", "-n", "1"])).stdout;
  await expect.poll(piped).toBe(raw);
  const onTerminal = async (command: string): Promise<string> => {
    const terminal = spawn("script", ["-qec", `exec ${launcher} ${command}`, "/dev/null"], {
      env: { ...process.env, WS_CONFIG_DIR: agent.configDirectory },
    });
    const [shown] = await Promise.all([text(terminal.stdout), once(terminal, "close")]);
    return shown;
  };
  expect(await onTerminal("logs demo -n 1")).toBe("\u001b[31mred\u001b[0m\r\n");
  const json = await onTerminal("logs demo -n 1 --json");
  expect(json).not.toMatch(/[^\P{Cc}\r\n]/u);
  expect(JSON.parse(json)).toEqual({ line: raw.trimEnd() });
  expect(await agent.ws(["logs", "demo", "-n", "0"])).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("a task that is followed goes on over an agent that is killed, every byte once, and its code is the exit code", async () => {
  await using agent = await startAgentProcess({ env: { WS_RUNTIME: "local" } });
  await agent.client.workspaces.create({ name: "demo" });
  const script = "seq 1 1000; until [ -e go ]; do sleep 0.1; done; seq 1001 2000; exit 3";
  const env = { ...process.env, WS_WORKER: agent.url, WS_TOKEN: agent.token };
  const client = spawn(launcher, ["task", "add", "demo", "--follow", "--", "sh", "-c", script], { env });
  const ended = Promise.all([once(client, "close"), text(client.stdout), text(client.stderr)]);
  await once(client.stdout, "data");
  await agent.kill();
  await agent.start();
  await agent.client.workspaces.exec({ name: "demo", command: "touch go" });
  const [[code], printed, said] = await ended;
  expect(printed).toBe(Array.from({ length: 2_000 }, (_, line) => `${line + 1}\n`).join(""));
  expect(said).toMatch(/Trying again[^]*\nConnected again\.\n/);
  expect(code).toBe(3);
  await agent.client.workspaces.delete({ name: "demo" });
});

test("what is followed with a token that is revoked ends with the reason and the next step", async () => {
  await using agent = await startAgentProcess({ env: { WS_RUNTIME: "local" } });
  await agent.client.workspaces.create({ name: "demo" });
  const { id, token } = await agent.client.tokens.create({ name: "viewer" });
  const env = { ...process.env, WS_WORKER: agent.url, WS_TOKEN: token };
  const client = spawn(launcher, ["logs", "demo", "-f"], { env });
  const ended = Promise.all([once(client, "close"), text(client.stderr)]);
  await once(client.stdout, "data");
  await agent.client.tokens.revoke({ token: id });
  const [[code], said] = await ended;
  expect(said).toMatch(/ws: The token was revoked\. \(unauthorized\)\n {4}.*ws token create NAME/s);
  expect(code).toBe(6);
  await agent.client.workspaces.delete({ name: "demo" });
});
