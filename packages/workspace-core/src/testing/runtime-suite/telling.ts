import { expect, test } from "vitest";

import type { RuntimeEvent } from "../../ports.ts";
import {
  linesOf,
  newSpec,
  only,
  said,
  type RuntimeSubject,
  type RuntimeUnderTest,
  type RuntimeCapabilities,
} from "./under-test.ts";

export function tellingTests<S extends RuntimeSubject>(
  current: () => RuntimeUnderTest<S>,
  { crash, print }: RuntimeCapabilities<S>,
): void {
  test("tells of a place that ends by itself, and not of one that was asked to", async () => {
    const { runtime, subject, running } = current();
    const leaving = new AbortController();
    const events = runtime.events(leaving.signal)[Symbol.asyncIterator]();
    const first = events.next();
    await using stopped = await running();
    await using removed = await running();
    await using crashed = await running();
    await runtime.stop(stopped.spec.id);
    await runtime.remove(removed.spec.id);
    const exit = await crash(subject, crashed.place);
    const { value: event } = (await first) as { value: RuntimeEvent };
    expect(event).toEqual({ type: "exited", id: crashed.spec.id, exit });
    expect(await runtime.find(crashed.spec.id)).toMatchObject({ power: "stopped", exit });
    await runtime.start(crashed.spec);
    expect((await runtime.find(crashed.spec.id))?.exit).toBeUndefined();
    leaving.abort();
    expect((await events.next()).done).toBe(true);
  });

  test("ends its events when asked to, also while nothing happens", async () => {
    const { runtime } = current();
    const leaving = new AbortController();
    const next = runtime.events(leaving.signal)[Symbol.asyncIterator]().next();
    leaving.abort();
    expect((await next).done).toBe(true);
  });

  test("has the printed lines of no place at all, and ends there", async () => {
    const { runtime } = current();
    expect(await said(runtime.logs(newSpec().id, {}))).toBe("");
    expect(await said(runtime.logs(newSpec().id, { follow: true }))).toBe("");
  });

  only(print !== undefined, () => {
    test("gives what a place printed, its last lines, and what follows", async () => {
      const { runtime, subject, running } = current();
      await using made = await running();
      const { id } = made.spec;
      await using box = await runtime.open(id);
      await print?.(subject, box, "one");
      await print?.(subject, box, "two");
      const leaving = new AbortController();
      const followed = linesOf(runtime.logs(id, { follow: true, signal: leaving.signal }));
      expect((await followed.next()).value).toBe("one");
      expect((await followed.next()).value).toBe("two");
      expect(await said(runtime.logs(id, {}))).toBe("one\ntwo\n");
      expect(await said(runtime.logs(id, { tail: 1 }))).toBe("two\n");
      await print?.(subject, box, "three");
      expect((await followed.next()).value).toBe("three");
      leaving.abort();
      await followed.next().catch(() => undefined);
    });

    test("goes on after any place in what was printed, also over a stop", async () => {
      const { runtime, subject, running } = current();
      await using made = await running();
      const { spec } = made;
      const write = async (...words: string[]): Promise<void> => {
        await using box = await runtime.open(spec.id);
        for (const word of words) await print?.(subject, box, word);
      };
      const rest = (after: string, follow = false): Promise<string> => said(runtime.logs(spec.id, { after, follow }));
      await write("one", "two", "two", "three");
      const ends = (await Array.fromAsync(runtime.logs(spec.id, {}))).map(({ at }) => at);
      expect(ends).toHaveLength(4);
      expect(await Promise.all(ends.map((end) => rest(end)))).toEqual([
        "two\ntwo\nthree\n",
        "two\nthree\n",
        "three\n",
        "",
      ]);
      await runtime.stop(spec.id);
      expect(await rest(ends[2] ?? "", true)).toBe("three\n");
      await runtime.start(spec);
      await write("four");
      expect(await rest(ends[3] ?? "")).toBe("four\n");
    });
  });
}
