import { expect, test } from "vitest";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { refusal } from "../testing/refusal.ts";
import { startTestAgent } from "../testing/test-agent.ts";

/** A worker whose engine keeps its data there; /proc is a file system without any room. */
async function startWith(dataDirectory: string) {
  const adapters = createFakeAdapters();
  const { docker } = adapters;
  const status = async () => ({ ...(await docker.status()), dataDirectory });
  return startTestAgent({
    adapters: () => ({ ...adapters, runtime: { ...adapters.runtime, docker: async () => ({ ...docker, status }) } }),
  });
}

test("a create is refused where the file system is full that the engine keeps its data on", async () => {
  await using agent = await startWith("/proc");
  expect(await refusal(agent.local.workspaces.create({ name: "demo" }))).toBe("PRECONDITION_FAILED disk_full");
});

test("a directory of the engine that this machine does not show is not measured", async () => {
  await using agent = await startWith("/proc/not/here");
  expect(await agent.local.workspaces.create({ name: "demo" })).toMatchObject({ status: "running" });
});
