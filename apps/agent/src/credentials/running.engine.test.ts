import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { createLocalRuntime } from "@ws/local-runtime";
import { createWorkspaces, type Runtime } from "@ws/workspace-core";
import { createFakeGit, createMemoryStore } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { createSetup } from "../config/setup.ts";
import { createSystemClock } from "../system/clock.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { dockerRuntime } from "../testing/terminal-place.ts";
import { secret, setUp } from "../testing/with-config.ts";

/** One workspace on a real runtime, given what a real configuration says. */
async function running(kind: "docker" | "local") {
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
  config.unset("scripts.post_start");
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

test.each(["docker", "local"] as const)(
  "a credential that is set, changed and taken back reaches what runs on %s, with its mode, and nothing that was changed there",
  async (kind) => {
    await using it = await running(kind);
    const { config, workspaces, said } = it;
    const source = join(it.configDir, "key");
    const [variable, first, second] = [secret(), secret(), secret()];
    writeFileSync(source, first, { mode: 0o600 });
    config.set("env.TOKEN", variable);
    config.set("files.~/.keys/own", source);
    config.set("files.~/.keys/edited", source);
    await workspaces.regive();
    expect(await said("echo $TOKEN; cat ~/.keys/own; echo; stat -c %a ~/.keys ~/.keys/own")).toBe(
      `${variable}\n${first}\n700\n600`,
    );
    await said("echo mine >> ~/.keys/own; echo mine > ~/.keys/edited");
    writeFileSync(source, second);
    chmodSync(source, 0o640);
    await workspaces.regive();
    expect(await said("cat ~/.keys/own; cat ~/.keys/edited; stat -c %a ~/.keys/own")).toBe(`${second}mine\nmine\n640`);
    config.unset("env.TOKEN");
    config.unset("files.~/.keys/own");
    config.unset("files.~/.keys/edited");
    await workspaces.regive();
    expect(await said("echo $TOKEN; cat ~/.keys/own; cat ~/.keys/edited")).toBe("\nmine\nmine");
  },
);

test.each(["docker", "local"] as const)(
  "a destination on %s that was swapped for a link, or lies behind one, is neither written nor removed there (docker cp through ~/.ssh -> /etc)",
  async (kind) => {
    await using it = await running(kind);
    const { config, workspaces, said } = it;
    const source = join(it.configDir, "key");
    const [first, second] = [secret(), secret()];
    writeFileSync(source, first, { mode: 0o600 });
    config.set("files.~/plain", source);
    config.set("files.~/deep/key", source);
    await workspaces.regive();
    await said(
      "mkdir ~/precious && cp ~/plain ~/precious/plain && cp ~/plain ~/precious/key && ln -sf ~/precious/plain ~/plain && rm -r ~/deep && ln -s ~/precious ~/deep",
    );
    writeFileSync(source, second);
    await workspaces.regive();
    expect(await said("cat ~/precious/plain ~/precious/key")).toBe(`${first}${first}`);
    config.unset("files.~/plain");
    config.unset("files.~/deep/key");
    await workspaces.regive();
    expect(await said("cat ~/precious/plain ~/precious/key; readlink ~/plain ~/deep | wc -l")).toBe(
      `${first}${first}2`,
    );
  },
);

test("what a workspace is given stands in nothing that the engine tells of its container (env in docker inspect)", async () => {
  await using it = await running("docker");
  const [variable, file] = [secret(), secret()];
  const source = join(it.configDir, "key");
  writeFileSync(source, file);
  it.config.set("env.TOKEN", variable);
  it.config.set("files.~/.key", source);
  await it.workspaces.regive();
  expect(await it.said("cat ~/.key")).toBe(file);
  const { handle = "" } = it.workspaces.get(it.name);
  const { stdout } = await promisify(execFile)("docker", ["inspect", handle]);
  const first = await it.said("sudo cat /proc/1/environ /proc/1/cmdline | tr '\\0' ' '");
  for (const text of [stdout, first]) for (const canary of [variable, file]) expect(text).not.toContain(canary);
});
