import { createMemoryTaskStore } from "./memory-tasks.ts";
import { taskStoreSuite } from "./task-store-suite.ts";

taskStoreSuite("the store in memory", async () => ({
  store: createMemoryTaskStore(),
  async [Symbol.asyncDispose]() {},
}));
