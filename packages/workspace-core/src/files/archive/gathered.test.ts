import { expect, test } from "vitest";
import { concatBytes } from "../../bytes.ts";
import { gathered } from "./gathered.ts";

async function* pieces(sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const [index, size] of sizes.entries()) yield new Uint8Array(size).fill(index + 1);
}

test("small pieces come together, in their order, and no empty one comes at all", async () => {
  const sizes = [512, 0, 3_000, 65_536, 100, 300_000, 0, 7];
  const parts = await Array.fromAsync(gathered(pieces(sizes)));
  expect(parts.map(({ length }) => length)).toEqual([512 + 3_000 + 65_536, 300_100, 7]);
  expect(concatBytes(parts)).toEqual(concatBytes(await Array.fromAsync(pieces(sizes))));
  expect(await Array.fromAsync(gathered(pieces([0, 0])))).toEqual([]);
});

test("what fails ends it, and what is left is left", async () => {
  let isLeft = false;
  const source = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield new Uint8Array(70_000);
      throw new Error("the line is cut");
    } finally {
      isLeft = true;
    }
  };
  await expect(Array.fromAsync(gathered(source()))).rejects.toThrow("the line is cut");
  isLeft = false;
  for await (const _part of gathered(source())) break;
  expect(isLeft).toBe(true);
});
