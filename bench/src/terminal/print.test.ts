import { expect, test } from "vitest";
import { createPrinter } from "./print.ts";

const { signal } = new AbortController();

/** A shell that echoes what is typed and answers in pieces of the given size. */
function fakeShell(file: string, piece: number) {
  let listener = (_bytes: Buffer): void => undefined;
  return {
    typed: [] as string[],
    write(text: string) {
      this.typed.push(text);
      const mark = /echo (\S+?)''(\d+)'!'/.exec(text);
      const all = Buffer.from(`${text}\n${file}${mark?.[1]}${mark?.[2]}!\r\n$ `);
      for (let at = 0; at < all.length; at += piece) listener(all.subarray(at, at + piece));
    },
    onOutput(added: (bytes: Buffer) => void) {
      listener = added;
    },
  };
}

test.each([1, 7, 100_000])(
  "the mark is found in pieces of %i bytes, and its echo is not taken for it",
  async (piece) => {
    const file = "QUJD\r\n".repeat(50);
    const shell = fakeShell(file, piece);
    const print = createPrinter(shell);
    const first = await print("/tmp/text", signal);
    expect(first.bytes).toBeGreaterThan(file.length);
    expect(shell.typed).toEqual(["cat /tmp/text; echo bench-printed-''1'!'\r"]);
    await print("/tmp/text", signal);
    expect(shell.typed[1]).toContain("''2'!'");
  },
);

test("a mark that comes in a painted screen ends the wait, and the screen is not counted", async () => {
  let listener = (_bytes: Buffer, _painted?: boolean): void => undefined;
  const print = createPrinter({
    write() {
      listener(Buffer.alloc(1_000));
      listener(Buffer.from(`bench-printed-1!\r\n${" ".repeat(5_000)}`), true);
    },
    onOutput: (added) => (listener = added),
  });
  expect((await print("/tmp/text", signal)).bytes).toBe(1_000);
});

test("an abort ends the wait", async () => {
  const controller = new AbortController();
  const print = createPrinter({ write: () => undefined, onOutput: () => undefined });
  const printing = print("/tmp/text", controller.signal);
  controller.abort(new Error("enough"));
  await expect(printing).rejects.toThrow("enough");
});
