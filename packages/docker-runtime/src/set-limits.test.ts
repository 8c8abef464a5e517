import { expect, test } from "vitest";

import { changedLimits } from "./set-limits.ts";

const machine = { NCPU: 4, MemTotal: 8_000 };

test.each([
  ["what is set is sent, swap with memory", { cpus: 1.5, memoryBytes: 512, processes: 9 }, {}, [9, 1.5e9, 512, 512]],
  ["what there never was stays away", {}, { NanoCpus: 0, Memory: 0 }, [4_096, undefined, undefined, undefined]],
  ["what is taken away becomes all there is", {}, { NanoCpus: 1e9, Memory: 512 }, [4_096, 4e9, 8_000, 8_000]],
])("%s", (_title, limits, has, [processes, cpus, memory, swap]) => {
  const { PidsLimit, NanoCpus, Memory, MemorySwap } = changedLimits(limits, has, machine);
  expect([PidsLimit, NanoCpus, Memory, MemorySwap]).toEqual([processes, cpus, memory, swap]);
});
