import { createBoundedLog } from "@ws/workspace-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createScreen } from "./screen.ts";
import { settled } from "./settled.ts";

const ROWS = 12;
const LINES = 1_000 + 2 * ROWS;

const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 50 }) },
  fc.constantFrom("\t", "漢字", "e\u0301", "👩‍💻", "\r", "a very long line ".repeat(12), "\u00a0é\u0300", "\ud800"),
);
const style = fc
  .array(fc.constantFrom("", "0", "1", "4:3", "7", "22", "38;5;9", "38:2::1:2:3", "44", "58;5;3", "999"), {
    maxLength: 3,
  })
  .map((params) => `\u001b[${params.join(";")}m`);
const rest = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("A", "B", "C", "D", "H", "J", "K", "L", "M", "P", "S", "T", "X", "b", "d", "r", "s", "u"),
      fc.array(fc.nat(14), { maxLength: 2 }),
    )
    .map(([final, params]) => `\u001b[${params.join(";")}${final}`),
  fc.constantFrom(
    ...["?1049h", "?1049l", "?7l", "?7h", "?6h", "?6l", "4h", "4l", "20h", "20l", "?25l", "!p", "3J", "r"].map(
      (sequence) => `\u001b[${sequence}`,
    ),
    ..."7 8 c D E M H (0 (B #8".split(" ").map((sequence) => `\u001b${sequence}`),
    ..."\u001b[3 \u001b] \u001bP \u0018 \b \u000b \u000e \u000f \u0085 \u009b \u0007 \u001b]2;title\u0007".split(" "),
  ),
);
const line = fc.array(fc.oneof({ weight: 6, arbitrary: text }, { weight: 3, arbitrary: style }), { maxLength: 4 });
const lines = fc
  .tuple(line, fc.constantFrom("\r\n", "\r\n", "\r\n", "\n"), fc.constantFrom(1, 3, 40, 1_100, 3_000))
  .map(([parts, end, times]) => `${parts.join("")}${end}`.repeat(times));
const output = fc
  .array(fc.oneof({ weight: 3, arbitrary: lines }, style, text, rest), { maxLength: 12 })
  .map((parts) => Buffer.from(parts.join("")));

test("A screen that leaves out what has scrolled away is the same as one that was shown everything", async () => {
  let left = 0;
  await fc.assert(
    fc.asyncProperty(
      output,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
      async (all, cuts) => {
        const whole = await painted(all, steps(all.length, 50_000));
        const places = cuts.map((part) => Math.floor(part * all.length)).toSorted((a, b) => a - b);
        const some = await painted(all, [...places, all.length]);
        left += settled(all, LINES).at;
        expect(some).toBe(whole);
      },
    ),
    { numRuns: 30 },
  );
  expect(left).toBeGreaterThan(0);
}, 60_000);

test.each(["\u001b[2;5r", "\u001b[5r", "\u001b[?1049h", "\u001b[2;5r\u001b[?1049h\u001b[!p\u001b[?1049l"])(
  "All is shown of a screen that does not scroll off as a whole: %j",
  async (before) => {
    const output = Buffer.from(`${before}${Array.from({ length: 40_000 }, (_, index) => `${index}\r\n`).join("")}`);
    expect(await painted(output, [output.length])).toBe(await painted(output, steps(output.length, 50_000)));
  },
);

test("Nothing is left out where too few lines follow, or what is more than text", () => {
  const few = "text\r\n".repeat(LINES);
  expect(settled(Buffer.from(few), LINES).at).toBe(4);
  expect(settled(Buffer.from(few), LINES + 1).at).toBe(0);
  expect(settled(Buffer.from(`\u001b[H${few}`), LINES).at).toBe(0);
  expect(settled(Buffer.from(`\u009b2;5r${few}`), LINES).at).toBe(0);
  expect(settled(Buffer.from("text\n".repeat(3 * LINES)), LINES).at).toBe(0);
});

test("What is plain is the same wherever it lies in memory and however short it is", () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 12 }),
    style,
    fc.constantFrom(..."\t \r \n ~ \u007f \u0080 \u009f \u00a0 \u001f \u0007 \u001b \u001b[3".split(" ")),
  );
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  const plain = /^(?:[\t\n\r -~\x80-\xc1\xc3-\xff]|\x1b\[[0-9:;]*m|\xc2(?=[\0-\x7f\xa0-\xff]))*/;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(3), (pieces, at) => {
      const bytes = Buffer.from(pieces.join(""));
      const moved = new Uint8Array(new ArrayBuffer(bytes.length + at), at);
      moved.set(bytes);
      expect(settled(moved, LINES).plain).toBe(plain.exec(bytes.toString("latin1"))?.[0].length);
    }),
    { numRuns: 300 },
  );
});

test("Of the styles those are told that came after the last reset", () => {
  const { styles } = settled(Buffer.from(`\u001b[7ma\u001b[0m\u001b[1;31mb\u001b[4m${"\r\n".repeat(30)}`), 20);
  expect(Buffer.from(styles).toString()).toBe("\u001b[0m\u001b[1;31m\u001b[4m");
});

function steps(length: number, size: number): number[] {
  return Array.from({ length: Math.ceil(length / size) }, (_, index) => Math.min(length, (index + 1) * size));
}

/** What is painted once the output has come, in pieces that end here. */
async function painted(output: Buffer, ends: readonly number[]): Promise<string> {
  const log = createBoundedLog(8 * 1024 * 1024);
  const ending = new AbortController();
  using screen = createScreen({ log, size: { cols: 30, rows: ROWS }, now: () => 0, signal: ending.signal });
  for (const end of ends) {
    log.append(output.subarray(log.next(), end));
    await screen.reached(log.next());
  }
  ending.abort();
  return Buffer.from(screen.paint().bytes).toString();
}
