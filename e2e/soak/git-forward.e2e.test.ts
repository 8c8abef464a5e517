import { testInFlatMemory } from "./in-flat-memory.ts";

testInFlatMemory(
  new URL("git-forward/worker.ts", import.meta.url),
  48,
  "random content is cloned and pushed through the forward of a container",
);
