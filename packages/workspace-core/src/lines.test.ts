import { expect, test } from "vitest";

import { lines } from "./lines.ts";

async function* chunks(...texts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield typeof text === "string" ? new TextEncoder().encode(text) : text;
}

async function all(source: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const line of source) found.push(line);
  return found;
}

test("lines are whole however the bytes were cut, a character in the middle included", async () => {
  const [first, ...rest] = new TextEncoder().encode("é");
  const source = chunks("on", "e\r\n\ntw", Uint8Array.of(first ?? 0), Uint8Array.of(...rest), "\nlast");
  expect(await all(lines(source))).toEqual(["one", "", "twé", "last"]);
});

test("a line that never ends comes in pieces, before it has ended", async () => {
  const endless = (async function* () {
    for (;;) yield new TextEncoder().encode("xxxx");
  })();
  const found = lines(endless, { longest: 10 })[Symbol.asyncIterator]();
  expect(await found.next()).toEqual({ done: false, value: "xxxxxxxxxx" });
  await found.return(undefined);
});

test("a long line that has ended comes in pieces too", async () => {
  expect(await all(lines(chunks("abcdefg\nhi"), { longest: 3 }))).toEqual(["abc", "def", "g", "hi"]);
});
