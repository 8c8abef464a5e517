import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAgentProcess, type AgentProcess } from "./agent-process.ts";

/** An agent on the local runtime whose workspaces lie on a file system of their own, which goes when the agent does. */
export async function startOnSmallDisk(
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
