import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createLocalRuntime } from "@ws/local-runtime";
import { createWorkspaces, type Runtime } from "@ws/workspace-core";
import { createFakeGit, createMemoryStore } from "@ws/workspace-core/testing";
import { createSetup } from "../config/setup.ts";
import { createSystemClock } from "../system/clock.ts";
import { createSilentLog } from "./silent-log.ts";
import { dockerRuntime } from "./terminal-place.ts";
import { setUp } from "./with-config.ts";

/** One workspace on a real runtime, given what a real configuration says. */
export async function startRealWorkspace(kind: "docker" | "local") {
  const { load, log, configDir } = setUp();
  const config = load();
  const random = randomBytes(5).toString("hex");
  await using parts = new AsyncDisposableStack();
  const clock = createSystemClock();
  let runtime: Runtime;
  if (kind === "docker") {
    const docker = dockerRuntime(`test-${random}`);
    parts.defer(() => docker.teardown());
    runtime = docker;
  } else {
    const directory = join(configDir, "workspaces");
    runtime = createLocalRuntime({ directory, instance: random, sandbox: "none", clock, log });
  }
  const workspaces = parts.use(
    createWorkspaces({
      runtimes: [runtime],
      store: createMemoryStore(),
      git: createFakeGit(),
      setup: createSetup(config, {}, log),
      disk: { free: async () => ({ bytes: 50e9, totalBytes: 100e9, inodes: 1e6, totalInodes: 2e6 }) },
      clock,
      log: createSilentLog(),
      newId: () => `ws-${random}`,
      openTerminals: () => Promise.reject(new Error("no terminals here")),
    }),
  );
  // Tools are brought up to date elsewhere.
  config.set("scripts.post_start", []);
  const name = `given-${random}`;
  await workspaces.create({ name });
  parts.defer(() => workspaces.delete(name, { force: true }));
  const open = parts.move();
  return {
    config,
    configDir,
    workspaces,
    name,
    async said(script: string): Promise<string> {
      const process = await workspaces.run(name, ["sh", "-c", script]);
      let said = "";
      for await (const bytes of process.stdout) said += Buffer.from(bytes).toString();
      await process.exit;
      return said.trimEnd();
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
