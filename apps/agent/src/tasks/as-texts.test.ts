import fc from "fast-check";
import { expect, test } from "vitest";
import { asTexts, type TaskText } from "./as-texts.ts";

async function textsOf(parts: readonly { attempt?: number; offset: number; bytes: Uint8Array }[]): Promise<TaskText[]> {
  async function* source() {
    for (const part of parts) yield { attempt: 1, ...part };
  }
  return Array.fromAsync(asTexts(source()));
}

test("however text is cut into parts, each character comes whole and every byte is counted once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "binary", maxLength: 40 }).map((text) => text.toWellFormed()),
      fc.array(fc.nat(6), { minLength: 1, maxLength: 60 }),
      async (text, sizes) => {
        const bytes = new TextEncoder().encode(text);
        const parts: { offset: number; bytes: Uint8Array }[] = [];
        for (let at = 0, index = 0; at < bytes.length; index += 1) {
          const size = (sizes[index % sizes.length] ?? 0) + 1;
          parts.push({ offset: at, bytes: bytes.slice(at, at + size) });
          at += size;
        }
        const texts = await textsOf(parts);
        expect(texts.map((one) => one.text).join("")).toBe(text);
        let at = 0;
        for (const { offset, end } of texts) {
          expect(offset).toBe(at);
          at = end;
        }
        expect(at).toBe(bytes.length);
      },
    ),
  );
});

test("what is no text, or lost its other half, is told in its place", async () => {
  const texts = await textsOf([
    { offset: 0, bytes: Uint8Array.of(0x61, 0xe2, 0x82) },
    { offset: 100, bytes: Uint8Array.of(0x62, 0xff, 0x63, 0xf0) },
    { attempt: 2, offset: 0, bytes: Uint8Array.of(0x64) },
  ]);
  expect(texts).toEqual([
    { attempt: 1, offset: 0, end: 1, text: "a" },
    { attempt: 1, offset: 1, end: 3, text: "\uFFFD" },
    { attempt: 1, offset: 100, end: 103, text: "b\uFFFDc" },
    { attempt: 1, offset: 103, end: 104, text: "\uFFFD" },
    { attempt: 2, offset: 0, end: 1, text: "d" },
  ]);
});
