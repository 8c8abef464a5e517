import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { tempDir } from "../../testing/temp-dir.ts";
import { startTestAgent } from "../../testing/test-agent.ts";
import { secret } from "../../testing/with-config.ts";
import { writeBackup } from "../index.ts";

export const NOW = Date.UTC(2026, 0, 2);

export function directoryOfItsOwn(): string {
  const directory = tempDir();
  onTestFinished(() => directory[Symbol.dispose]());
  return directory.path;
}

/** A worker's directory as an agent left it, with a bare repository of its own. */
export async function worker(): Promise<{ configDir: string; file: string; canary: string }> {
  const base = directoryOfItsOwn();
  const configDir = join(base, "config");
  const canary = secret();
  await using agent = await startTestAgent({ configDirectory: configDir });
  await agent.local.config.settings.set({ key: "env.TOKEN", value: canary });
  await agent.local.config.settings.set({ key: "hub.token", value: canary });
  await agent.local.workspaces.create({ name: "demo", env: { OWN: canary } });
  await agent.local.tokens.create({ name: "laptop" });
  mkdirSync(join(configDir, "git", "tool.git", "refs", "heads"), { recursive: true });
  writeFileSync(join(configDir, "git", "tool.git", "HEAD"), "ref: refs/heads/main\n");
  symlinkSync("/etc/passwd", join(configDir, "git", "tool.git", "link"));
  writeFileSync(join(configDir, "scripts", "run.sh"), "#!/bin/sh\n", { mode: 0o700 });
  const file = join(base, "worker.backup");
  // The agent runs.
  const { files } = await writeBackup(configDir, file, { now: NOW });
  expect(files).toBe(5);
  return { configDir, file, canary };
}
