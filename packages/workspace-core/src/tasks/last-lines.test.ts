import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes } from "../bytes.ts";
import { lastLines } from "./last-lines.ts";
import type { TaskOutput } from "./task-output.ts";

async function* cut(text: string, lengths: readonly number[]): AsyncGenerator<TaskOutput> {
  const bytes = new TextEncoder().encode(text);
  let offset = 0;
  for (const length of [...lengths, Infinity]) {
    if (offset >= bytes.length) return;
    const part = bytes.subarray(offset, offset + length);
    yield { attempt: 1, offset, bytes: part };
    offset += part.length;
  }
}

async function last(text: string, lines: number, lengths: readonly number[] = []): Promise<string> {
  const { parts, end } = await lastLines(cut(text, lengths), lines);
  expect(end).toBe(text.length);
  let next = parts[0]?.offset ?? end;
  for (const { offset, bytes } of parts) {
    expect(offset).toBe(next);
    next += bytes.length;
  }
  expect(next).toBe(end);
  return new TextDecoder().decode(concatBytes(parts.map(({ bytes }) => bytes)));
}

test("The last lines are those before the end, whether or not that ends a line", async () => {
  expect(await last("one\ntwo\nthree\n", 2)).toBe("two\nthree\n");
  expect(await last("one\ntwo\nthree", 2)).toBe("two\nthree");
  expect(await last("one\n\n\n", 2)).toBe("\n\n");
  expect(await last("one", 5)).toBe("one");
  expect(await last("one\ntwo", 0)).toBe("");
  expect(await last("one\ntwo\n", 0)).toBe("");
  expect(await last("", 3)).toBe("");
});

test("They are the same however what was said is cut", async () => {
  const text = fc.array(fc.constantFrom("a", "bc", "\n"), { maxLength: 40 }).map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(text, fc.nat(6), fc.array(fc.integer({ min: 1, max: 7 })), async (said, lines, lengths) => {
      const whole = said.endsWith("\n") ? said.slice(0, -1) : said;
      const wanted = said === "" || lines === 0 ? "" : whole.split("\n").slice(-lines).join("\n");
      expect(await last(said, lines, lengths)).toBe(wanted + (lines > 0 && said.endsWith("\n") ? "\n" : ""));
    }),
  );
});

test("Of a long output no more than a few MiB are held, and the last ones come", async () => {
  const line = new TextEncoder().encode("0123456789abcdef0123456789abcde\n".repeat(2_048));
  async function* flood(): AsyncGenerator<TaskOutput> {
    for (let offset = 0; offset < 100 * line.length; offset += line.length) yield { attempt: 1, offset, bytes: line };
  }
  const all = await lastLines(flood(), 1_000_000);
  expect(all.end).toBe(100 * line.length);
  expect(all.parts.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBe(4 * 1024 * 1024);
  expect((await lastLines(flood(), 3)).parts.map(({ bytes }) => bytes.length)).toEqual([96]);
});
