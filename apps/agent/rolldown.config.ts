import { defineConfig } from "rolldown";

// One folder that runs by itself: pure JavaScript is bundled, heavy parts stay chunks that load when they are needed.
export default defineConfig({
  input: {
    index: "src/index.ts",
    backup: "src/backup/index.ts",
    bundle: "src/bundle/index.ts",
    doctor: "src/doctor/without-agent.ts",
    "json-position": "src/config/json-position.ts",
    "open-browser": "src/system/open-browser.ts",
    paths: "src/paths.ts",
    pin: "src/tls/pin.ts",
    service: "src/service/index.ts",
    tailscaled: "src/tailnet/local-api.ts",
  },
  platform: "node",
  // Native code cannot be bundled. ssh2 tries its accelerators and works without them.
  external: [/^@lydell\/node-pty/, "cpu-features", /\.node$/],
  resolve: {
    conditionNames: ["source", "import", "node", "default"],
    // Its main file asks for its parts in a way that no bundler sees.
    alias: { "jsonc-parser$": "jsonc-parser/lib/esm/main.js" },
  },
  plugins: [
    {
      // dockerode loads gRPC for BuildKit sessions at once; images are built with the classic builder here, and
      // gRPC would be a third of the code that a worker with Docker loads.
      name: "without-grpc",
      resolveId: (source) => (source.startsWith("@grpc/") ? "\0without-grpc" : null),
      load: (id) => (id === "\0without-grpc" ? "export default {};" : null),
    },
  ],
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
    sourcemap: true,
  },
});
