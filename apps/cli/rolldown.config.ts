import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "rolldown";

/** A `ws` that runs while it is built anew still loads the chunks of its own build; none is that slow to begin. */
const KEPT_MS = 3_600_000;

// One file per command beside the entry: `ws list` must not load what only `ws shell` needs.
export default defineConfig({
  input: { main: "src/main.ts" },
  platform: "node",
  // The agent is loaded only by `ws agent run`, from its own package.
  external: ["@ws/agent", "bufferutil", "utf-8-validate"],
  resolve: { conditionNames: ["source", "import", "node", "default"] },
  plugins: [
    {
      name: "without-old-chunks",
      writeBundle({ dir = "dist" }, bundle) {
        for (const name of readdirSync(dir)) {
          const path = join(dir, name);
          if (!/\.js(?:\.map)?$/.test(name) || name in bundle) continue;
          if (Date.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path, { force: true });
        }
      },
    },
  ],
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    sourcemap: true,
  },
});
