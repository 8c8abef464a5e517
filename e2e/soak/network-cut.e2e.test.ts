import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ConnectionState } from "@ws/rpc-contract/connection";
import { expect, onTestFinished, test } from "vitest";
import { type AgentProcess, startAgentProcess } from "../support/agent-process.ts";
import { createNetworkNamespace } from "../support/network-namespace.ts";
import { startSwallowingProxy } from "../support/swallowing-proxy.ts";
import { counted, COUNTING, hashOf, STOP } from "./connection/counter.ts";

/** How long it goes on after the network is back. */
const AFTER_MS = 5_000;

interface Read {
  lines: number;
  hash: string;
}
type Said = { at: number } & (ConnectionState | { kind: "done"; task: Read; terminal: Read; omitted: number });

/** Counts in a task and in a terminal while somebody reads both over a network that goes for a while; says how long things took. */
async function cutWhileCounting(
  agent: AgentProcess,
  options: {
    url: string;
    within?: readonly string[];
    seconds: number;
    cut: () => Promise<void> | void;
    restore: () => Promise<void> | void;
  },
): Promise<{ noticedMs: number; backMs: number; causes: string[] }> {
  const { url, within = [], seconds, cut, restore } = options;
  await agent.client.workspaces.create({ name: "demo" });
  const command = ["sh", "-c", COUNTING];
  const { id } = await agent.client.tasks.create({ name: "demo", spec: { kind: "command", command } });
  const script = fileURLToPath(new URL("connection/reader.ts", import.meta.url));
  const [program, ...words] = [...within, process.execPath, "--conditions=source", script];
  const reader = spawn(program, [...words, url, "demo", id, COUNTING], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void reader.kill("SIGKILL"));
  reader.stdin.end(`${agent.token}\n`);
  const said = heardFrom(reader);

  const up = await said((one) => one.kind === "up");
  await sleep(Math.max(0, up.at + 2_000 - Date.now()));
  await cut();
  const cutAt = Date.now();
  const down = await said((one) => one.kind === "down");
  await sleep(Math.max(0, cutAt + seconds * 1_000 - Date.now()));
  await restore();
  const restoredAt = Date.now();
  const back = await said((one) => one.kind === "up" && one.at > cutAt);
  await sleep(AFTER_MS);
  await agent.client.workspaces.exec({ name: "demo", command: STOP });
  const done = await said((one) => one.kind === "done");
  if (done.kind !== "done") throw new Error("It was not done.");
  const { task, terminal, omitted } = done;
  expect(task.lines).toBeGreaterThan(seconds);
  expect({ task: task.hash, terminal: terminal.hash, omitted }).toEqual({
    task: hashOf(counted(task.lines)),
    terminal: hashOf(counted(terminal.lines, "\r\n")),
    omitted: 0,
  });
  return {
    noticedMs: down.at - cutAt,
    backMs: back.at - restoredAt,
    causes: [...new Set(said.all.flatMap((one) => (one.kind === "down" ? [one.cause] : [])))],
  };
}

function heardFrom(reader: ChildProcess): { (wanted: (one: Said) => boolean): Promise<Said>; all: Said[] } {
  const all: Said[] = [];
  const news = new EventTarget();
  if (reader.stdout === null) throw new Error("The reader has no output.");
  createInterface({ input: reader.stdout }).on("line", (line) => {
    all.push(JSON.parse(line) as Said);
    news.dispatchEvent(new Event("said"));
  });
  const ended = once(reader, "exit").then(([code]) => {
    throw new Error(`The reader ended with ${code}: ${JSON.stringify(all.slice(-3))}`);
  });
  ended.catch(() => undefined);
  const said = async (wanted: (one: Said) => boolean): Promise<Said> => {
    for (;;) {
      const found = all.find(wanted);
      if (found !== undefined) return found;
      await Promise.race([once(news, "said"), ended]);
    }
  };
  return Object.assign(said, { all });
}

test("a network that swallows everything for some seconds costs neither a task's output nor a terminal a byte", async () => {
  await using agent = await startAgentProcess({ env: { WS_RUNTIME: "local" } });
  await using proxy = await startSwallowingProxy(Number(new URL(agent.url).port));
  const seen = await cutWhileCounting(agent, {
    url: `http://127.0.0.1:${proxy.port}`,
    seconds: 11,
    cut: proxy.swallow,
    restore: proxy.restore,
  });
  console.log(JSON.stringify(seen));
  expect(seen.causes).toContain("silent");
});

// A firewall is a machine's own, and minutes are long.
const cuts = process.env["WS_SOAK"] === undefined ? [] : [30, 600];

test.each(cuts)(
  "a firewall that drops everything for %i s costs neither a byte, is noticed within ten seconds and forgotten at once",
  { timeout: 1_200_000 },
  async (seconds) => {
    await using network = await createNetworkNamespace();
    const { host, within, cut, restore } = network;
    await using agent = await startAgentProcess({
      env: { WS_RUNTIME: "local", WS_HOST: host, WS_INSECURE_LISTEN: "1" },
    });
    const seen = await cutWhileCounting(agent, { url: agent.url, within, seconds, cut, restore });
    console.log(JSON.stringify({ seconds, ...seen }));
    expect(seen.causes).toContain("silent");
    expect(seen.noticedMs).toBeLessThan(10_000);
    expect(seen.backMs).toBeLessThan(seconds > 60 ? 10_000 : 3_000);
  },
);
