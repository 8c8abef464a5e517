import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import type { Context } from "../../context.ts";
import { outputWriter } from "./output-writer.ts";

const said = (words: string): string => `${JSON.stringify({ type: "item.completed", item: { text: words } })}\n`;

test("a line that an attempt began and never ended is no part of what the next one says", async () => {
  const stdout = Object.assign(new PassThrough(), { isTTY: true });
  const hints: string[] = [];
  const context = { io: { stdout }, hint: (hint: string) => void hints.push(hint) };
  const writer = outputWriter(context as unknown as Context, { tool: "codex" });
  const { write } = writer;
  const first = `${said("One.")}{"type":"item.comp`;
  await write({ attempt: 1, offset: 0, end: first.length, text: first });
  const second = said("Two.");
  await write({ attempt: 2, offset: 0, end: second.length, text: second });
  await write({ attempt: 2, offset: second.length, end: second.length + 8, text: '{"type":' });
  const later = second.length + 100;
  await write({ attempt: 2, offset: later, end: later + 20, text: said("Three.") });
  const last = later + 20;
  await write({ attempt: 2, offset: last, end: last + 7, text: "Killed." });
  await writer.end();
  stdout.end();
  expect(await text(stdout)).toBe("One.\nTwo.\nThree.\nKilled.\n");
  expect(hints).toEqual(["Attempt 2:", expect.stringContaining("were not kept")]);
});
