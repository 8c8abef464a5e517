import { defineConfig } from "rolldown";

// One file per command beside the entry: `ws list` must not load what only `ws shell` needs.
export default defineConfig({
  input: { main: "src/main.ts" },
  platform: "node",
  // The agent is loaded only by `ws agent run`, from its own package, and so is what works on its files.
  external: ["@ws/agent", "@ws/agent/backup", "bufferutil", "utf-8-validate"],
  resolve: { conditionNames: ["source", "import", "node", "default"] },
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    sourcemap: true,
  },
});
