import { createMemoryStore } from "./memory-store.ts";
import { storeSuite } from "./store-suite.ts";

storeSuite("the memory store", async () => ({
  store: createMemoryStore(),
  [Symbol.asyncDispose]: async () => undefined,
}));
