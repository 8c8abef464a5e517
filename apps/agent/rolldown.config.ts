import { defineConfig } from "rolldown";

// One folder that runs by itself: pure JavaScript is bundled, heavy parts stay chunks that load when they are needed.
export default defineConfig({
  input: { index: "src/index.ts", paths: "src/paths.ts" },
  platform: "node",
  // Native code cannot be bundled. ssh2 tries its accelerators and works without them.
  external: [/^@lydell\/node-pty/, "cpu-features", /\.node$/],
  resolve: { conditionNames: ["source", "import", "node", "default"] },
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
    sourcemap: true,
  },
});
