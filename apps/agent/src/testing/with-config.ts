import { randomBytes } from "node:crypto";
import { newRecord } from "@ws/workspace-core/testing";
import type { WorkspaceRecord } from "@ws/workspace-core";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { loadConfig, type ConfigOptions } from "../config/config.ts";
import { prepareDirectory } from "../config/directory.ts";
import { writeDefaults } from "../config/first-run.ts";
import { createRedactor } from "../log/redact.ts";
import { createSilentLog } from "./silent-log.ts";
import { tempDir } from "./temp-dir.ts";

/** A directory of configuration as an agent finds it, or as its first run leaves it. */
export function setUp(content?: unknown) {
  const directory = tempDir();
  onTestFinished(() => directory[Symbol.dispose]());
  const configDir = join(directory.path, "config");
  const log = createSilentLog();
  const redactor = createRedactor();
  prepareDirectory(configDir, log);
  const path = join(configDir, "config.json");
  if (content !== undefined)
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  writeDefaults(configDir, () => undefined);
  const load = (options: Partial<ConfigOptions> = {}) => loadConfig({ configDir, env: {}, log, redactor, ...options });
  return { configDir, path, log, redactor, load, text: () => readFileSync(path, "utf8") };
}

export const record = (changes: Partial<WorkspaceRecord> = {}): WorkspaceRecord =>
  newRecord("demo", { phase: "ready", power: "running", ...changes });

export const secret = (): string => `sk-test-${randomBytes(16).toString("hex")}`;
