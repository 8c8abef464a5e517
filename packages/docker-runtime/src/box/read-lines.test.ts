import { PassThrough } from "node:stream";

import { expect, test } from "vitest";

import { readLines } from "./read-lines.ts";

test("The first lines are read, and what follows stays", async () => {
  const stream = new PassThrough();
  stream.write("a\nb");
  const reading = readLines(stream, 2);
  stream.write("é\nrest");
  expect(await reading).toEqual(["a", "bé"]);
  expect(String(stream.read())).toBe("rest");
});

test("Lines that never end are not gathered", async () => {
  const stream = new PassThrough();
  const reading = readLines(stream, 7);
  reading.catch(() => undefined);
  for (let count = 0; count < 40; count += 1) stream.write("x".repeat(1_024));
  await expect(reading).rejects.toThrow(/more than/);
});
