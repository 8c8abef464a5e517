import fc from "fast-check";
import { expect, test } from "vitest";
import { createBoundedLog } from "./bounded-log.ts";

test("What is kept is what was written under its offset, whatever the sizes and the base", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200_000 }),
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.array(fc.integer({ min: 0, max: 150_000 }), { maxLength: 12 }),
      (capacity, base, sizes) => {
        const log = createBoundedLog(capacity, base);
        let at = base;
        for (const size of sizes) {
          log.append(Uint8Array.from({ length: size }, (_, index) => (at + index) % 251));
          at += size;
        }
        expect(log.next()).toBe(at);
        expect(log.start()).toBe(Math.max(base, at - capacity));
        for (let offset = log.start(); offset < at;) {
          const part = log.slice(offset, 70_000);
          expect(part.length).toBe(Math.min(70_000, at - offset));
          expect(part.findIndex((byte, index) => byte !== (offset + index) % 251)).toBe(-1);
          offset += part.length;
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("A reader that was overtaken goes on at the first byte that is kept, and ends with the log", async () => {
  const log = createBoundedLog(4);
  const reader = log.read(0);
  log.append(Uint8Array.of(0, 1));
  expect(await reader.next()).toEqual({ done: false, value: { offset: 0, bytes: Uint8Array.of(0, 1) } });
  log.append(Uint8Array.of(2, 3, 4, 5, 6, 7));
  expect((await reader.next()).value).toEqual({ offset: 4, bytes: Uint8Array.of(4, 5, 6, 7) });
  const waiting = reader.next();
  log.end();
  expect(await waiting).toEqual({ done: true, value: undefined });
});

test("Aborting ends a reader that waits", async () => {
  const log = createBoundedLog(4);
  const leaving = new AbortController();
  const waiting = log.read(0, leaving.signal).next();
  leaving.abort();
  expect((await waiting).done).toBe(true);
});
