import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { expectRefusal } from "../support/refusal.ts";

const launcher = fileURLToPath(new URL("../../ws", import.meta.url));

/** An agent's directory without the agent. */
async function stoppedAgent(): Promise<AgentProcess> {
  const agent = await startAgentProcess({ env: { WS_RUNTIME: "local" } });
  await agent.stop();
  return agent;
}

test("without an agent every command says how to start one", async () => {
  await using agent = await stoppedAgent();
  const refusal = { code: "agent_unreachable", next: /ws agent run/ };
  await expectRefusal(agent, ["list"], { ...refusal, exit: 5 });
  await expectRefusal(agent, ["start", "demo"], { ...refusal, exit: 5 });
  await expectRefusal(agent, ["exec", "demo", "--", "true"], { ...refusal, exit: 125 });
});

test("a second agent on the same state ends at once, names the first and leaves it alone", async () => {
  await using agent = await startAgentProcess({ env: { WS_RUNTIME: "local" } });
  await expectRefusal(
    agent,
    ["agent", "run"],
    { code: "state_locked", exit: 4, says: /\d+/, next: /\S/ },
    { env: { WS_PORT: "0" } },
  );
  expect(await agent.ws(["list"])).toMatchObject({ code: 0 });
});

test("a taken port is named with the way to another", async () => {
  const squatter = createServer().listen(0, "127.0.0.1");
  await once(squatter, "listening");
  const { port } = squatter.address() as { port: number };
  await using agent = await stoppedAgent();
  await expectRefusal(agent, ["agent", "run", "--port", String(port)], {
    code: "port_taken",
    exit: 4,
    says: new RegExp(String(port)),
    next: /--port/,
  });
  squatter.close();
});

test("a corrupted configuration is named with line and column and left as it is", async () => {
  await using agent = await stoppedAgent();
  const file = join(agent.configDirectory, "config.json");
  const corrupted = '{\n  "port": 7391,\n  "scripts": nonsense\n}\n';
  await writeFile(file, corrupted);
  await expectRefusal(agent, ["agent", "run"], {
    code: "config_invalid",
    exit: 1,
    says: new RegExp(`${file.replaceAll(".", String.raw`\.`)}:3:14: `),
    next: /\S/,
  });
  expect(await readFile(file, "utf8")).toBe(corrupted);
  await writeFile(file, "{}");
});

test("a state from a newer version is refused, naming both, and left as it is", async () => {
  await using agent = await stoppedAgent();
  const file = join(agent.configDirectory, "state.db");
  const version = setVersion(file, (known) => known + 40);
  await expectRefusal(agent, ["agent", "run"], {
    code: "state_newer",
    exit: 1,
    says: new RegExp(`${version + 40}.*${version}`),
    next: /\S/,
  });
  expect(setVersion(file, () => version)).toBe(version + 40);
});

test("an address beyond this machine is refused without the flag that says so", async () => {
  await using agent = await stoppedAgent();
  await expectRefusal(agent, ["agent", "run", "--listen", "0.0.0.0"], {
    code: "unsafe_listen",
    exit: 2,
    next: /--insecure-listen|insecureListen/,
  });
});

test("once Docker was used, an absent engine is an error and not a silent change to no isolation", async () => {
  await using agent = await startAgentProcess();
  expect(await agent.client.info()).toMatchObject({ runtime: "docker", isolation: "container" });
  await agent.client.workspaces.create({ name: "before" });
  await agent.stop();
  await agent.start({ DOCKER_HOST: "unix:///nonexistent.sock" });
  const refusal = { code: "engine_unreachable", next: /[Ee]ngine|Docker/ };
  await expectRefusal(agent, ["start", "after"], { ...refusal, exit: 5 });
  await expectRefusal(agent, ["exec", "before", "--", "true"], { ...refusal, exit: 125 });
  // Asked for by name, the local runtime is there, and says how little it isolates.
  expect((await agent.ws(["start", "plain", "--runtime", "local"])).code).toBe(0);
  await agent.stop();
  await agent.start();
  expect((await agent.ws(["exec", "before", "--", "whoami"])).stdout).toBe("workspace\n");
});

test("an agent run by a program says where it is in one line of JSON", async () => {
  await using agent = await stoppedAgent();
  const mine = spawn(launcher, ["agent", "run", "--json"], {
    env: { ...process.env, WS_RUNTIME: "local", WS_PORT: "0", WS_CONFIG_DIR: agent.configDirectory },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(mine, "exit");
  const lines: string[] = [];
  const printed = createInterface({ input: mine.stdout }).on("line", (line) => lines.push(line));
  await once(printed, "line");
  const { url, socket, pid, link } = JSON.parse(lines[0] ?? "") as Record<string, string>;
  expect({ socket, pid }).toEqual({ socket: join(agent.configDirectory, "agent.sock"), pid: mine.pid });
  expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: "ok" });
  expect(link?.startsWith(`${url}/#code=`)).toBe(true);
  mine.kill();
  expect(await ended).toEqual([0, null]);
  expect(lines.length).toBe(1);
});

function setVersion(file: string, next: (version: number) => number): number {
  using db = new DatabaseSync(file);
  const version = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
  db.exec(`PRAGMA user_version = ${next(version)}`);
  return version;
}
