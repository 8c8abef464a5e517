import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import type { Io } from "./io.ts";
import { configDirectory } from "@ws/agent/paths";
import { clientConfigPath, type ClientConfig } from "./target.ts";

/** Replaces `client.json` as a whole, readable by this user only: it may hold a token. */
export function writeClientConfig(env: Io["env"], config: ClientConfig): void {
  mkdirSync(configDirectory(env), { recursive: true, mode: 0o700 });
  const path = clientConfigPath(env);
  const draft = `${path}.${process.pid}`;
  const file = openSync(draft, "w", 0o600);
  try {
    writeSync(file, `${JSON.stringify(config, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}
