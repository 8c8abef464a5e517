import { testInFlatMemory } from "./in-flat-memory.ts";

testInFlatMemory(
  new URL("large-files/worker.ts", import.meta.url),
  64,
  "a large file is stored and fetched through the forward of a container",
);
