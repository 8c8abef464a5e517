import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// The private "source" condition lets tests run the TypeScript of workspace packages without a build.
const conditions = ["source", "module", "node", "default"];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } };
// Most tests wait for an engine or a process: what they wait for comes late on a machine that does much else.
const expectation = { poll: { timeout: 10_000 } };
const everywhere = [
  "packages/*/src/**",
  "apps/agent/src/**",
  "apps/cli/src/**",
  "bench/src/**",
  "examples/*/src/**",
  "tools/**",
];

export default defineConfig({
  test: {
    // Also two cores are kept busy by two files at once: the tests wait more than they work.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // A machine that others use stalls a process now and then; what fails twice is broken.
    retry: process.env["CI"] === undefined ? 0 : 1,
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          include: [...everywhere.map((place) => `${place}/*.test.ts`), "apps/web/{src,service-worker}/**/*.test.ts"],
          exclude: ["**/*.engine.test.ts", "**/node_modules/**"],
          expect: expectation,
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
          expect: expectation,
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
          expect: expectation,
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
