import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { NO_CREDENTIALS } from "@ws/workspace-core";
import { expect, test } from "vitest";
import { loadConfig } from "../config/config.ts";
import { createRedactor } from "../log/redact.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { createAdapters } from "./adapters.ts";

/** Git as a worker has it whose environment and config.json say this. */
async function git(directory: string, env: Record<string, string>, content: unknown = {}) {
  const log = createSilentLog();
  writeFileSync(join(directory, "config.json"), JSON.stringify(content));
  const config = loadConfig({ configDir: directory, env, log, redactor: createRedactor() });
  const adapters = createAdapters({ configDirectory: directory, env, config, log } as unknown as Parameters<
    typeof createAdapters
  >[0]);
  const made = await adapters.git(NO_CREDENTIALS).catch((error: unknown) => error);
  return { made, log };
}

test("authorities that git.ca names and that are not there are a mistake in the configuration, named with its place", async () => {
  using directory = tempDir();
  const path = join(directory.path, "missing.pem");
  for (const { made } of [
    await git(directory.path, {}, { git: { ca: [path] } }),
    await git(directory.path, { WS_GIT_CA: path, GIT_SSL_CAINFO: "/elsewhere" }),
  ]) {
    expect(made).toMatchObject({ code: "config_invalid", data: { file: path } });
    const { message, next } = made as { message: string; next: string };
    expect(message).toContain(path);
    expect(next).toMatch(/git\.ca in config\.json|WS_GIT_CA/);
  }
});

test("where git's own variable names what is not there, it warns and goes on with the system's", async () => {
  using directory = tempDir();
  const path = join(directory.path, "missing.pem");
  const { made, log } = await git(directory.path, { GIT_SSL_CAINFO: path });
  expect(made).toHaveProperty("clone");
  expect(log.lines).toEqual([
    expect.objectContaining({ level: "warn", fields: expect.objectContaining({ path }) as object }),
  ]);
});
