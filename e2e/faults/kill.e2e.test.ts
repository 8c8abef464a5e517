import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGitServer } from "@ws/git-provider/testing";
import { expect, test } from "vitest";
import { engineHoldings, startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { expectAgreement } from "../support/agreement.ts";
import { rounds, seededRandom, timeFor } from "../support/rounds.ts";
import { shareAgent } from "../support/share-agent.ts";

let agent: AgentProcess;
let url: string;
let scripts: string;

shareAgent(async (parts) => {
  const server = parts.use(await startGitServer());
  url = (await server.create("acme/app")).url;
  agent = parts.use(await startAgentProcess({ env: { WS_RUNTIME: "docker", WS_GIT_CA: server.caFile } }));
  scripts = await mkdtemp(join(tmpdir(), "ws-e2e-scripts-"));
  parts.defer(() => rm(scripts, { recursive: true }));
  await writeFile(join(scripts, "slow.sh"), "#!/bin/sh\nsleep 2\n", { mode: 0o700 });
  // The image is built once, outside the rounds.
  await agent.client.workspaces.create({ name: "first" });
  await agent.client.workspaces.delete({ name: "first" });
  return agent;
});

/** Kills the agent as soon as it says that this step has begun. */
async function killAtStep(name: string, step: string): Promise<void> {
  const stop = new AbortController();
  const events = await agent.client.workspaces.events({ name }, { signal: stop.signal });
  void agent.client.workspaces.create({ name, clone: url }).catch(() => undefined);
  for await (const event of events) {
    if (event.type !== "changed") continue;
    // A short step may be told of only when it is over.
    const isPending = event.workspace.startup.steps.some(({ id, status }) => id === step && status === "pending");
    if (!isPending) break;
  }
  await agent.kill();
  stop.abort();
}

const STEPS = ["prepare", "credentials", "create", "start", "connect", "clone", "scripts"];
const STEP_ROUNDS = rounds(1, 9);

test.each(STEPS)(
  "killed as the step %s of a create begins, the next agent takes it back whole and a start makes it",
  { timeout: timeFor(STEP_ROUNDS) },
  async (step) => {
    for (let round = 0; round < STEP_ROUNDS; round += 1) {
      // Long enough that the step is seen while it runs; the other steps take their time by themselves.
      if (step === "scripts") await agent.client.config.scripts.update({ post_start: join(scripts, "slow.sh") });
      await killAtStep("victim", step);
      await agent.start();
      await agent.client.config.scripts.update({});
      const [victim] = await expectAgreement(agent);
      expect(victim).toMatchObject({ name: "victim", status: "error", failure: { code: "interrupted" } });
      const { status, startup } = await agent.client.workspaces.start({ name: "victim" });
      expect([status, ...startup.steps.map(({ id }) => id)]).toEqual(["running", ...STEPS]);
      const log = await agent.client.workspaces.exec({ name: "victim", command: ["git", "log", "-1", "--format=%s"] });
      expect(log.exitCode).toBe(0);
      await agent.client.workspaces.delete({ name: "victim" });
      await expectAgreement(agent);
    }
  },
);

const MOMENTS = rounds(12, 100);

test(
  "killed at random moments of create, stop, start and delete, records and engine agree after every restart",
  {
    timeout: timeFor(MOMENTS),
  },
  async () => {
    const seed = Number(process.env["WS_SEED"] ?? 20_261);
    const random = seededRandom(seed);
    for (let round = 0; round < MOMENTS; round += 1) {
      const operation = ["create", "stop", "start", "delete"][round % 4];
      const name = `round-${round}`;
      if (operation !== "create") await agent.client.workspaces.create({ name, clone: url });
      if (operation === "start") await agent.client.workspaces.stop({ name });
      const work =
        operation === "create"
          ? agent.client.workspaces.create({ name, clone: url })
          : agent.client.workspaces[operation as "stop" | "start" | "delete"]({ name });
      const over = Promise.resolve<unknown>(work).catch(() => undefined);
      // A create takes about a second here and the others a fraction of it; some kills come after the end, as in life.
      const moment = random() * (operation === "create" ? 1_200 : 400);
      await Promise.race([over, new Promise((resolve) => setTimeout(resolve, moment))]);
      await agent.kill();
      await agent.start();
      const context = `seed ${seed}, round ${round}, ${operation} after ${moment.toFixed(0)} ms`;
      await expectAgreement(agent).catch((error: unknown) => {
        throw new Error(context, { cause: error });
      });
      await agent.ws(["delete", name, "--yes"]);
    }
    await expectAgreement(agent);
  },
);

test("50 parallel creates of one name under one key make one container and give 50 equal answers", async () => {
  const request = { name: "once", clone: url, idempotencyKey: "only-once" };
  const answers = await Promise.all(Array.from({ length: 50 }, () => agent.client.workspaces.create(request)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect((await engineHoldings(agent.instance)).containers).toEqual([answers[0]?.containerId]);
  const other = agent.client.workspaces.create({ ...request, idempotencyKey: "another" });
  await expect(other).rejects.toMatchObject({ code: "CONFLICT", data: { code: "name_taken" } });
  await agent.client.workspaces.delete({ name: "once" });
});

test("a workspace that ran goes on through a kill of the agent, its processes included", async () => {
  const { containerId } = await agent.client.workspaces.create({ name: "steady" });
  const run = (command: string) => agent.client.workspaces.exec({ name: "steady", command });
  await run("nohup sleep 600 > /dev/null 2>&1 & echo $! > pid");
  await agent.kill();
  await agent.start();
  expect(await agent.client.workspaces.get({ name: "steady" })).toMatchObject({ status: "running", containerId });
  expect((await run("kill -0 $(cat pid) && echo alive")).stdout).toBe("alive\n");
  await agent.client.workspaces.delete({ name: "steady" });
});
