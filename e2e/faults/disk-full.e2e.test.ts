import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGitServer } from "@ws/git-provider/testing";
import { expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { expectRefusal } from "../support/refusal.ts";

/** An agent on the local runtime whose workspaces lie on a file system of their own, which goes when the agent does. */
async function startOnSmallDisk(
  options: string,
  env: Record<string, string> = {},
): Promise<AgentProcess & { disk: string }> {
  const disk = await mkdtemp(join(tmpdir(), "ws-e2e-disk-"));
  const mount = `mount -t tmpfs -o ${options} tmpfs "$0" && exec "$@"`;
  const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  const agent = await startAgentProcess({
    env: { WS_RUNTIME: "local", WS_LOCAL_SANDBOX: "none", WS_WORKSPACES_DIR: disk, ...env },
    under: ["unshare", "--mount", ...asRoot, "sh", "-c", mount, disk],
  });
  const end = agent[Symbol.asyncDispose];
  return Object.assign(agent, {
    disk,
    async [Symbol.asyncDispose]() {
      await end();
      await rm(disk, { recursive: true });
    },
  });
}

test("on a disk that is nearly full nothing new is begun, and what is there can be looked at and deleted", async () => {
  await using agent = await startOnSmallDisk("size=64m");
  await expectRefusal(agent, ["start", "demo"], {
    code: "disk_full",
    exit: 1,
    says: /0\.1 GiB/,
    next: /ws delete|free space/,
  });
  expect(await agent.ws(["list", "--json"])).toMatchObject({ code: 0, stdout: "[]\n" });
  expect(await agent.ws(["doctor"])).toMatchObject({ code: 1, stdout: expect.stringMatching(/✗ Disk: 0\.1 GiB/) });
});

test("a disk that fills up amid a clone is told, and all that was written is given back", async () => {
  await using server = await startGitServer();
  const files = Object.fromEntries(Array.from({ length: 600 }, (_, number) => [`part-${number}`, "x\n"]));
  const { url } = await server.create("acme/large", { files });
  // Enough bytes to be let in; the files are too many.
  await using agent = await startOnSmallDisk("size=3g,nr_inodes=400", { WS_GIT_CA: server.caFile });
  await expectRefusal(agent, ["start", "large", "--clone", url], {
    code: "disk_full",
    exit: 1,
    says: /acme\/large/,
    next: /ws delete/,
  });
  expect((await agent.ws(["list"])).stdout).toMatch(/large +error \(disk_full\)/);
  expect((await agent.ws(["delete", "large", "--yes"])).code).toBe(0);
  const started = await agent.ws(["start", "small", "--json"]);
  const { id } = JSON.parse(started.stdout) as { id: string };
  expect(await agent.ws(["exec", "small", "--", "ls", agent.disk])).toMatchObject({ code: 0, stdout: `${id}\n` });
});
