import { expect, test } from "vitest";

import {
  newSpec,
  only,
  removing,
  type RuntimeCapabilities,
  type RuntimeSubject,
  type RuntimeUnderTest,
} from "./under-test.ts";

export function usageTests<S extends RuntimeSubject>(
  current: () => RuntimeUnderTest<S>,
  { processes }: RuntimeCapabilities<S>,
): void {
  test("tells what running places use, and leaves out what does not run, is not there, or was not asked for", async () => {
    const { runtime, running } = current();
    await using made = await running();
    await using unasked = await running();
    const stopped = newSpec();
    await using _stopped = removing(runtime, stopped);
    await runtime.create(stopped);
    const usages = (await runtime.usage?.([made.spec.id, stopped.id, newSpec().id])) ?? [];
    expect(usages.map(({ id }) => id)).toEqual([made.spec.id]);
    expect(usages[0]?.memoryBytes).toBeGreaterThan(0);
    expect(usages[0]?.processes).toBeGreaterThan(0);
    expect(await runtime.usage?.([])).toEqual([]);
    await runtime.stop(made.spec.id);
    const after = await runtime.usage?.([made.spec.id, unasked.spec.id]);
    expect(after?.map(({ id }) => id)).toEqual([unasked.spec.id]);
  });

  test("does not read on where it is told to end", async () => {
    const { runtime, running } = current();
    await using made = await running();
    await expect(runtime.usage?.([made.spec.id], AbortSignal.abort(new Error("left")))).rejects.toThrow();
  });

  only(processes, () => {
    test.each([
      ["what goes on", "while :; do :; done"],
      [
        "what is over before anybody looks",
        "while :; do sh -c 'n=0; while [ $n -lt 20000 ]; do n=$((n+1)); done'; done",
      ],
    ])(
      "counts the time of %s, and next to none of what is idle",
      async (_what, script) => {
        const { runtime, running } = current();
        await using busy = await running();
        await using idle = await running();
        await using box = await runtime.open(busy.spec.id);
        const ids = [busy.spec.id, idle.spec.id] as const;
        const read = async (): Promise<number[]> => {
          const usages = (await runtime.usage?.(ids)) ?? [];
          return ids.map((id) => usages.find((usage) => usage.id === id)?.cpu?.usedMs ?? Number.NaN);
        };
        const [from, idleFrom] = await read();
        const ending = new AbortController();
        const loop = await box.run(["sh", "-c", script], { signal: ending.signal });
        let [to, idleTo] = [from, idleFrom];
        const used = async (): Promise<number> => {
          [to, idleTo] = await read();
          return (to ?? 0) - (from ?? 0);
        };
        await expect.poll(used, { interval: 200, timeout: 60_000 }).toBeGreaterThan(1_000);
        expect((idleTo ?? 0) - (idleFrom ?? 0)).toBeLessThan(100);
        ending.abort();
        await loop.exit.catch(() => undefined);
        // What it had stays counted.
        const after = (await read())[0];
        expect(after).toBeGreaterThanOrEqual(to ?? Infinity);
      },
      90_000,
    );
  });
}
