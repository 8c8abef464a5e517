import { existsSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { writeDurable } from "./durable-file.ts";

/** What runs after each start until somebody changes it. */
export const POST_START = `#!/bin/bash
# Keep coding tools up to date
claude update 2>/dev/null || true
codex update 2>/dev/null || true
opencode update 2>/dev/null || true
`;

/** Writes what a first start needs and does not find, after it was told; what exists is never touched. Whether there was nothing. */
export function writeDefaults(configDir: string, tell: (text: string) => void): boolean {
  const script = join(configDir, "scripts", "post-start.sh");
  const config = join(configDir, "config.json");
  if (existsSync(config)) return false;
  tell(`Creating default config at ${abbreviate(config)}\n`);
  if (!existsSync(script)) writeFileSync(script, POST_START, { mode: 0o600, flag: "wx" });
  const content = {
    port: 7391,
    credentials: { env: {}, files: {} },
    scripts: { post_start: abbreviate(script) },
  };
  writeDurable(config, `${JSON.stringify(content, null, 2)}\n`);
  return true;
}

function abbreviate(path: string): string {
  const home = `${homedir()}/`;
  return path.startsWith(home) ? `~/${path.slice(home.length)}` : path;
}
