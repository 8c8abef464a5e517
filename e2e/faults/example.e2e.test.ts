import { startGitServer } from "@ws/git-provider/testing";
import { expect, test } from "vitest";
import { startAgentProcess } from "../support/agent-process.ts";

test("a workspace outlives the agent that made it", async () => {
  await using server = await startGitServer();
  await using agent = await startAgentProcess({ env: { WS_GIT_CA: server.caFile } });
  const { url } = await server.create("acme/app");
  expect(await agent.ws(["start", "demo", "--clone", url])).toMatchObject({ code: 0 });
  await agent.kill();
  await agent.start();
  expect(await agent.client.workspaces.get({ name: "demo" })).toMatchObject({ status: "running", baseBranch: "main" });
});
