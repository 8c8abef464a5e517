import { defineConfig } from "rolldown";

// One file per command beside the entry: `ws list` must not load what only `ws shell` needs.
export default defineConfig({
  input: { main: "src/main.ts" },
  platform: "node",
  // The agent is loaded only by `ws agent run`, from its own package, and so is what works on its files.
  // What draws the screens has native parts, and is not there on every machine.
  external: [
    "@ws/agent",
    "@ws/agent/backup",
    "@ws/agent/service",
    "@ws/agent/bundle",
    "@ws/agent/doctor",
    "bufferutil",
    "utf-8-validate",
    /^react($|\/)/,
    /^@opentui\//,
  ],
  transform: { jsx: { importSource: "@opentui/react" } },
  resolve: { conditionNames: ["source", "import", "node", "default"] },
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    sourcemap: true,
  },
});
