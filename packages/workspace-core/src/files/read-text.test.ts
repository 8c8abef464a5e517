import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFileTree } from "../testing/file-tree.ts";
import { readText, type LineRange } from "./read-text.ts";

const MIB = 1024 * 1024;

async function read(content: string | Uint8Array, range?: LineRange) {
  const result = await readText(createFileTree({ f: content }).files, "f", range);
  if (result.binary) return "binary";
  const { content: text, linesRead, totalLines, truncated } = result;
  return { text, linesRead, totalLines, truncated };
}

describe("lines of a text", () => {
  test.each<[string, LineRange, string, number, number, boolean]>([
    ["a\nb\nc\n", {}, "a\nb\nc\n", 3, 3, false],
    ["a\nb\nc", {}, "a\nb\nc", 3, 3, false],
    ["", {}, "", 0, 0, false],
    ["\n", {}, "\n", 1, 1, false],
    ["a\nb\nc\n", { offset: 2 }, "b\nc\n", 2, 3, false],
    ["a\nb\nc\n", { offset: 2, limit: 1 }, "b\n", 1, 3, true],
    ["a\nb\nc", { limit: 2 }, "a\nb\n", 2, 3, true],
    ["a\nb\nc", { limit: 3 }, "a\nb\nc", 3, 3, false],
    ["a\nb\nc\n", { limit: 3 }, "a\nb\nc\n", 3, 3, false],
    ["a\nb", { offset: 9, limit: 5 }, "", 0, 2, false],
    ["a\r\nb\r\n", { offset: 2 }, "b\r\n", 1, 2, false],
    ["\uFEFFa\n", {}, "\uFEFFa\n", 1, 1, false],
  ])("%j with %j", async (content, range, text, linesRead, totalLines, truncated) => {
    expect(await read(content, range)).toEqual({ text, linesRead, totalLines, truncated });
  });

  test("put together again from any ranges, they are the file", async () => {
    const line = fc.string({ unit: fc.constantFrom("a", "é", "\r", "漢", "😀", " "), maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), async (lines, limit) => {
        const content = lines.join("\n");
        let all = "";
        for (let offset = 1; offset <= lines.length + 1; offset += limit) {
          const part = await read(content, { offset, limit });
          all += part === "binary" ? "" : part.text;
        }
        expect(all).toBe(content);
      }),
    );
  });
});

describe("a file of more than 1 MiB", () => {
  const line = `${"é".repeat(499)}\n`;
  const large = line.repeat(2_000);

  test("is refused where no range is asked for, naming size and limit", async () => {
    await expect(read(large)).rejects.toMatchObject({
      code: "file_too_large",
      data: { path: "f", size: 1_998_000, limit: MIB },
    });
  });

  test("is read in parts, which say that it goes on", async () => {
    expect(await read(large, { offset: 3, limit: 2 })).toEqual({
      text: line + line,
      linesRead: 2,
      totalLines: undefined,
      truncated: true,
    });
    expect(await read(large, { offset: 1_999 })).toEqual({
      text: line + line,
      linesRead: 2,
      totalLines: 2_000,
      truncated: false,
    });
  });

  test("gives no more than 1 MiB of whole lines", async () => {
    const part = await read(large, { offset: 2 });
    if (part === "binary") throw new Error("it is text");
    expect(part.text.length % line.length).toBe(0);
    expect(part).toMatchObject({ linesRead: Math.floor(MIB / 999), truncated: true });
  });

  test("that is one line is cut between two characters", async () => {
    const part = await read("漢".repeat(MIB), { offset: 1 });
    expect(part).toMatchObject({ text: "漢".repeat(Math.floor(MIB / 3)), linesRead: 1, truncated: true });
  });

  test("is told to be binary before it is told to be large", async () => {
    const bytes = new Uint8Array(2 * MIB).fill(97);
    bytes[100] = 0;
    expect(await read(bytes)).toBe("binary");
  });
});

test.each([
  ["NUL near the beginning", Uint8Array.of(97, 0, 98)],
  ["what is no UTF-8", Uint8Array.of(97, 0xff, 98)],
  ["a character that ends early", Uint8Array.of(97, 0xe6, 0xbc)],
  ["half of a pair", Uint8Array.of(0xed, 0xa0, 0x80)],
])("%s is no text", async (_what, bytes) => {
  expect(await read(bytes)).toBe("binary");
});

test("a NUL behind the first 8 KiB is part of a text", async () => {
  const text = `${"a".repeat(9_000)}\0`;
  expect(await read(text)).toMatchObject({ text });
});
