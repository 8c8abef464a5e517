import { defineConfig } from "vitest/config";

// The private "source" condition lets tests run the TypeScript of workspace packages without a build.
const conditions = ["source", "module", "node", "default"];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } };
const everywhere = ["packages/*/src/**", "apps/agent/src/**", "apps/cli/src/**", "bench/src/**", "tools/**"];

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          include: [...everywhere.map((place) => `${place}/*.test.ts`), "apps/web/src/**/*.test.ts"],
          exclude: ["**/*.engine.test.ts", "**/node_modules/**"],
          testTimeout: 30_000,
          // No module keeps state of its own, so test files can share a worker's modules.
          isolate: false,
        },
      },
      {
        ...shared,
        test: {
          name: "engine",
          include: everywhere.map((place) => `${place}/*.engine.test.ts`),
          testTimeout: 120_000,
          hookTimeout: 600_000,
        },
      },
      {
        ...shared,
        test: {
          // The built command line and agent as processes, against a real engine.
          name: "e2e",
          include: ["e2e/**/*.e2e.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
