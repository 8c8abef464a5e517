import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * A plugin for rolldown that removes what earlier builds left. What runs while it is built anew still loads chunks of its own
 * build, so they stay for a while.
 */
export function withoutOldChunks(keptMs) {
  return {
    name: "without-old-chunks",
    writeBundle({ dir = "dist" }, bundle) {
      for (const name of readdirSync(dir, { recursive: true })) {
        if (!/\.js(?:\.map)?$/.test(name) || name in bundle) continue;
        const path = join(dir, name);
        if (Date.now() - statSync(path).mtimeMs > keptMs) rmSync(path, { force: true });
      }
    },
  };
}
