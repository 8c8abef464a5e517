import { startGitServer } from "@ws/git-provider/testing";
import { afterEach, expect, test } from "vitest";
import { engineHoldings, startAgentProcess, type AgentProcess, type CommandResult } from "../support/agent-process.ts";
import { startEngineProxy, type EngineProxy } from "../support/engine-proxy.ts";
import { shareAgent } from "../support/share-agent.ts";

let engine: EngineProxy;
let agent: AgentProcess;
let url: string;

shareAgent(async (parts) => {
  const server = parts.use(await startGitServer());
  url = (await server.create("acme/app")).url;
  engine = parts.use(await startEngineProxy());
  const env = { WS_RUNTIME: "docker", WS_GIT_CA: server.caFile, DOCKER_HOST: engine.address };
  agent = parts.use(await startAgentProcess({ env }));
  // The image is there from now on.
  await agent.ws(["start", "demo"]);
  return agent;
});
afterEach(() => engine.restore());

function expectLost({ code, stdout, stderr }: CommandResult, exit: number): void {
  const line = stderr.split("\n").findLast((text) => text.startsWith("{"));
  expect({ code, stdout, line }).toMatchObject({ code: exit, stdout: "", line: expect.any(String) });
  const { error } = JSON.parse(line ?? "") as { error: Record<"code" | "message" | "next", string> };
  expect(error.code).toMatch(/^engine_(lost|unreachable)$/);
  expect(error.message).toMatch(/^[^\n]{1,300}\.$/);
  expect(error.next).toMatch(/engine|Docker/i);
}

/** The agent notices by itself that its engine is back; there is no event of it for a command line. */
async function untilItAnswers(argv: readonly string[]): Promise<CommandResult> {
  let result = await agent.ws(argv);
  for (const end = Date.now() + 30_000; result.code !== 0 && Date.now() < end;) result = await agent.ws(argv);
  return result;
}

test.each(["create", "start", "connect", "clone"])(
  "an engine lost while the step '%s' of a create runs is told, and nothing half-made stays",
  async (step) => {
    const before = await engineHoldings(agent.instance);
    const stop = new AbortController();
    const events = await agent.client.workspaces.events({ name: "midway" }, { signal: stop.signal });
    const creating = agent.ws(["start", "midway", "--clone", url, "--json"]);
    for await (const event of events) {
      if (event.type !== "changed") continue;
      if (event.workspace.startup.steps.find(({ id }) => id === step)?.status === "running") break;
    }
    await engine.cut();
    stop.abort();
    expectLost(await creating, 5);
    const list = await agent.ws(["list"]);
    expect(list).toMatchObject({ code: 0, stdout: expect.stringMatching(/midway +error \(engine_/) });

    await engine.restore();
    expect(await untilItAnswers(["exec", "demo", "--", "true"])).toMatchObject({ code: 0 });
    expect((await agent.ws(["delete", "midway", "--yes"])).code).toBe(0);
    expect(await engineHoldings(agent.instance)).toEqual(before);
  },
);

test("an engine lost while a command runs is told; afterwards the workspace goes on as it was", async () => {
  const running = agent.ws(["exec", "demo", "--json", "--", "sh", "-c", "touch begun; exec sleep 600"]);
  expect(await untilItAnswers(["exec", "demo", "--", "test", "-e", "begun"])).toMatchObject({ code: 0 });
  await engine.cut();
  expectLost(await running, 125);
  expectLost(await agent.ws(["exec", "demo", "--json", "--", "true"]), 125);
  expectLost(await agent.ws(["start", "another", "--json"]), 5);

  await engine.restore();
  const after = await untilItAnswers(["exec", "demo", "--json", "--", "ls"]);
  expect(JSON.parse(after.stdout)).toEqual({ stdout: "begun\n", stderr: "", exitCode: 0 });
  expect((await agent.ws(["list"])).stdout).toMatch(/demo +running/);
  await agent.ws(["delete", "another", "--yes"]);
});
