import { createMemoryChangeStore, createMemoryProjectStore } from "./memory-projects.ts";
import { projectStoresSuite } from "./project-suite.ts";

projectStoresSuite("projects in memory", async () => ({
  projects: createMemoryProjectStore(),
  changes: createMemoryChangeStore(),
  async [Symbol.asyncDispose]() {},
}));
