import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where the worker keeps everything: `WS_CONFIG_DIR`, or `workspace` in `XDG_CONFIG_HOME` (`~/.config`). */
export function configDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const given = env["WS_CONFIG_DIR"];
  if (given !== undefined && given !== "") return resolve(expandHome(given, env));
  const base = env["XDG_CONFIG_HOME"];
  return join(base === undefined || base === "" ? join(env["HOME"] ?? homedir(), ".config") : base, "workspace");
}

/**
 * The socket through which this machine's own user reaches the agent. The kernel cuts socket paths at about 100
 * bytes, so a deep configuration directory gets a short one, derived from it, in /tmp.
 */
export function socketPath(configDir: string): string {
  const path = join(configDir, "agent.sock");
  if (Buffer.byteLength(path) <= 100) return path;
  const digest = createHash("sha256").update(resolve(configDir)).digest("hex").slice(0, 16);
  // Whoever looks for it, root too, looks where the directory's owner has it.
  const uid = statSync(configDir, { throwIfNoEntry: false })?.uid ?? process.getuid?.() ?? 0;
  return join("/tmp", `ws-${uid}-${digest}`, "agent.sock");
}

/** `~` and `~/x` of the given home; anything else unchanged. */
export function expandHome(path: string, env: Readonly<Record<string, string | undefined>>): string {
  if (path !== "~" && !path.startsWith("~/")) return path;
  return join(env["HOME"] ?? homedir(), path.slice(1));
}
