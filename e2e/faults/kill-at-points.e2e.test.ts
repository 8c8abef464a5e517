import { expect, test } from "vitest";
import { docker, startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { expectAgreement } from "../support/agreement.ts";
import { startEngineProxy, type EngineProxy } from "../support/engine-proxy.ts";
import { rounds, timeFor } from "../support/rounds.ts";
import { shareAgent } from "../support/share-agent.ts";

let engine: EngineProxy;
let agent: AgentProcess;

shareAgent(async (parts) => {
  engine = parts.use(await startEngineProxy());
  agent = parts.use(await startAgentProcess({ env: { WS_RUNTIME: "docker", DOCKER_HOST: engine.address } }));
  // The image is built once, outside the rounds.
  await agent.client.workspaces.create({ name: "first" });
  await agent.client.workspaces.delete({ name: "first" });
  return agent;
});

const ROUNDS = rounds(1, 9);

const REQUESTS = {
  stop: /^POST \S*\/containers\/\w+\/stop/,
  container: /^DELETE \S*\/containers\//,
  home: /^DELETE \S*\/volumes\/\S+-home\b/,
};

/** What the engine has of one workspace. */
async function held(id: string): Promise<{ running: boolean; container: boolean; home: boolean }> {
  const filter = ["--filter", `label=ws.workspace=${id}`];
  const [running, all, volumes] = await Promise.all([
    docker("ps", "-q", ...filter),
    docker("ps", "-aq", ...filter),
    docker("volume", "ls", "-q", ...filter),
  ]);
  return { running: running.length > 0, container: all.length > 0, home: volumes.length > 0 };
}

const exec = async (command: string): Promise<string> =>
  (await agent.client.workspaces.exec({ name: "victim", command })).stdout;

test.each([
  ["the record says stop and the engine has not been asked", "stop", "stop", "asked", [true, true, true]],
  ["its container has stopped and the record does not know", "stop", "stop", "answered", [false, true, true]],
  ["the record says delete and nothing is gone", "delete", "container", "asked", [true, true, true]],
  ["its container is gone and its home is there", "delete", "container", "answered", [false, false, true]],
  ["its home is about to go", "delete", "home", "asked", [false, false, true]],
  ["its home is gone and the record is there", "delete", "home", "answered", [false, false, false]],
] as const)(
  "killed when %s, the next agent finishes the %s",
  { timeout: timeFor(ROUNDS) },
  async (_point, operation, request, when, [running, container, home]) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id } = await agent.client.workspaces.create({ name: "victim" });
      await exec("echo mine > ~/marker");
      const reached = engine.hold(REQUESTS[request], when);
      const over = agent.client.workspaces[operation]({ name: "victim" }).catch(() => undefined);
      await reached;
      expect((await agent.client.workspaces.get({ name: "victim" })).operation).toBe(operation);
      expect(await held(id)).toEqual({ running, container, home });
      await agent.kill();
      await over;
      await agent.start();

      const [victim] = await expectAgreement(agent);
      if (operation === "stop") {
        expect(victim).toMatchObject({ name: "victim", status: "stopped" });
        await agent.client.workspaces.start({ name: "victim" });
        expect(await exec("cat ~/marker")).toBe("mine\n");
      } else {
        expect(victim).toBeUndefined();
        expect(await held(id)).toEqual({ running: false, container: false, home: false });
        await agent.client.workspaces.create({ name: "victim" });
        expect(await exec("ls ~/marker || echo new")).toBe("new\n");
      }
      await agent.client.workspaces.delete({ name: "victim" });
      await expectAgreement(agent);
    }
  },
);
