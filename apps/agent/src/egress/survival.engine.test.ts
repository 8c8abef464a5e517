import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { AgentClient } from "@ws/rpc-contract/client";
import { type Box, WsError } from "@ws/workspace-core";
import { expect, onTestFinished, test } from "vitest";
import { type AgentProcess, spawnAgent } from "../testing/agent-process.ts";
import { startEgressWorker } from "../testing/egress-worker.ts";
import { dockerRuntime } from "../testing/terminal-place.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { clientOn } from "../testing/test-agent.ts";

const PORT = 18_081;
const ASK_FOR_EVER = "setsid sh -c 'while :; do curl --silent --max-time 5 $0; sleep 0.1; done' URL > /dev/null 2>&1 &";
const ANSWER_FOR_EVER = `setsid python3 -m http.server ${PORT} > ~/asked 2>&1 &`;

/** A worker on the real engine whose agent a test kills and starts again. */
function killableWorker() {
  const directory = tempDir();
  const env = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  let running: AgentProcess | undefined;
  const kill = async (): Promise<void> => {
    running?.child.kill("SIGKILL");
    await running?.ended;
  };
  const start = async (): Promise<AgentClient> => {
    const program = new URL("../testing/run-local-agent.ts", import.meta.url);
    running = spawnAgent(join(directory.path, "config"), { ...env, WS_RUNTIME: "docker" }, "022", program);
    return clientOn((await running.healthy).socket);
  };
  onTestFinished(async () => {
    await kill();
    const client = await start();
    for (const { name } of await client.workspaces.list()) await client.workspaces.delete({ name, force: true });
    await kill();
    await dockerRuntime(instanceOf(join(directory.path, "config", "state.db"))).teardown();
    directory[Symbol.dispose]();
  });
  return { start, kill };
}

function instanceOf(state: string): string {
  using database = new DatabaseSync(state, { readOnly: true });
  return String(database.prepare("SELECT value FROM meta WHERE key = 'instance'").get()?.["value"]);
}

test("A program that outlived its agent's SIGKILL has its way out again as soon as there is another agent", async () => {
  const worker = killableWorker();
  let client = await worker.start();
  await client.workspaces.create({ name: "internet" });
  await client.workspaces.create({ name: "closed", profile: "agent" });
  const { stdout } = await client.workspaces.exec({ name: "internet", command: `${ANSWER_FOR_EVER} hostname -i` });
  const target = `${stdout.trim()}:${PORT}`;
  await client.egress.allow({ name: "closed", rule: `${target}/private` });
  await client.workspaces.exec({ name: "closed", command: ASK_FOR_EVER.replace("URL", `http://${target}/`) });
  // Only the other workspace is asked: nobody opens this one again but its worker.
  const asked = async (): Promise<number> =>
    Number((await client.workspaces.exec({ name: "internet", command: "grep -c GET ~/asked || :" })).stdout);
  await expect.poll(asked).toBeGreaterThan(2);
  await worker.kill();
  client = await worker.start();
  const before = await asked();
  await expect.poll(asked, { timeout: 20_000 }).toBeGreaterThan(before + 2);
});

test("A workspace whose image has no SSH server has no way out, says so, and lets its programs know at once", async () => {
  await using worker = await startEgressWorker((adapters) => ({
    ...adapters,
    runtime: {
      ...adapters.runtime,
      async docker() {
        const runtime = await adapters.runtime.docker();
        return { ...runtime, open: async (...given) => withoutListening(await runtime.open(...given)) };
      },
    },
  }));
  const { client, run } = worker;
  expect(await client.workspaces.create({ name: "closed", profile: "agent" })).toMatchObject({ status: "running" });
  expect(await run("closed", "env | grep -ci proxy")).toMatchObject({ stdout: "0\n" });
  expect((await run("closed", `curl --silent --max-time 20 http://${worker.internet}/`)).exitCode).toBe(7);
  expect(await client.egress.get({ name: "closed" })).toMatchObject({ network: "none", why: "No SSH server." });
  expect(await client.workspaces.logs({ name: "closed" })).toContain("There is no way out of this workspace.");
});

/** As the Box of such an image is; git then goes its own way, too. */
function withoutListening(box: Box): Box {
  const missing = ["connect", "listen"] as const;
  const refuse = async (): Promise<never> => {
    throw new WsError("box_feature_missing", { message: "No SSH server.", data: { feature: "listen", missing } });
  };
  return { ...box, missing, connect: refuse, listen: refuse, listenAt: refuse };
}
