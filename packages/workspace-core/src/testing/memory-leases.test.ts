import { leaseStoreSuite } from "./lease-suite.ts";
import { createMemoryLeaseStore } from "./memory-leases.ts";

leaseStoreSuite("the store in memory", async () => ({
  store: createMemoryLeaseStore(),
  async [Symbol.asyncDispose]() {},
}));
