import headless from "@xterm/headless";
import { echoingProgram, manualTimers } from "@ws/rpc-contract/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createForetoldOutput } from "./foretold-output.ts";

const SIZE = { cols: 24, rows: 6 };
const PROMPT = "\u001b[01;32mme\u001b[00m$ ";

/** A terminal that can be asked for all that it shows. */
function watched() {
  const terminal = new headless.Terminal({ ...SIZE, allowProposedApi: true });
  const cell = (row: number, col: number): string => {
    const found = terminal.buffer.active.getLine(terminal.buffer.active.baseY + row)?.getCell(col);
    if (found === undefined) return "";
    // Whether nothing or a space stands there, nobody sees.
    const text = found.getChars() || " ";
    const style = [found.getFgColor(), found.getBgColor(), found.isUnderline(), found.isBold(), found.isInverse()];
    return found.isAttributeDefault() ? text : `${text}<${style.join()}>`;
  };
  return {
    write: (data: string | Uint8Array) => terminal.write(data),
    /** Once all that was written is on it. */
    async shows(): Promise<string> {
      await new Promise<void>((resolve) => terminal.write("", resolve));
      const { cursorX, cursorY, type } = terminal.buffer.active;
      const rows = Array.from({ length: SIZE.rows }, (_, row) =>
        Array.from({ length: SIZE.cols }, (__, col) => cell(row, col)).join(""),
      );
      return [`${type} ${cursorX} ${cursorY}`, ...rows].join("\n");
    },
    text: () =>
      Array.from({ length: SIZE.rows }, (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true)).join(
        "\n",
      ),
  };
}

function world(delay: () => number) {
  const timers = manualTimers();
  const [user, plain] = [watched(), watched()];
  let drawn = "";
  const output = createForetoldOutput({
    size: SIZE,
    timers,
    write(bytes, written) {
      user.write(bytes);
      drawn += bytes.toString();
      written();
    },
  });
  const program = echoingProgram({
    timers,
    delay,
    answer: () => ({ print: PROMPT, echo: true }),
    printed(text) {
      plain.write(text);
      output.write(Buffer.from(text), () => undefined);
    },
    taken: output.taken,
  });
  return {
    user,
    plain,
    drawn: () => drawn,
    interject: program.interject,
    type: (data: string) => output.typed(data, program.type(data)),
    /** What the terminals read, they read in turns of their own. */
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= 50) {
        timers.advance(Math.min(50, left));
        await new Promise<void>((resolve) => setImmediate(resolve));
        await user.shows();
      }
    },
  };
}

test("Letters stand in the user's terminal before they come back, and those that come replace them", async () => {
  const { user, plain, interject, type, pass } = world(() => 100);
  interject(`hello\r\n${PROMPT}`, true);
  await pass(400);
  type("a");
  await pass(400);
  type("b");
  type("c");
  await pass(40);
  expect(user.text()).toContain("me$ abc");
  expect(plain.text()).not.toContain("abc");
  await pass(600);
  expect(await user.shows()).toBe(await plain.shows());
  expect(plain.text()).toContain("me$ abc");
});

const act = fc.oneof(
  fc.record({ ms: fc.nat(300) }),
  fc.record({ keys: fc.string({ unit: fc.constantFrom("a", "b", " ", "\u007f", "\u001b[D"), maxLength: 4 }) }),
  fc.record({ seen: fc.constantFrom("a", "bc") }),
  fc.record({ seen: fc.constantFrom("d", "ef") }),
  fc.record({ line: fc.constant(true) }),
  fc.record({
    noise: fc.constantFrom(
      "x",
      "\r\nmake\r\n",
      "\b",
      "\u001b[44m",
      "\u001b[0m",
      "\u001b[K",
      "\u001b7\u001b[2;3H\u001b[31mclock\u001b[0m\u001b8",
      "\u001b[?1049hpainted\u001b[?1049l",
    ),
  }),
);

let drawings = 0;

test("When all has come the user's terminal shows what one without any foretelling shows, to the last cell", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { maxLength: 25 }),
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }),
      async (acts, delays) => {
        let count = 0;
        const { user, plain, drawn, interject, type, pass } = world(() => delays[count++ % delays.length] ?? 1);
        interject(`\r\n${PROMPT}`, true);
        await pass(300);
        for (const one of acts) {
          if ("ms" in one) await pass(one.ms);
          else if ("seen" in one) {
            for (const key of one.seen) type(key);
            await pass(800);
            for (const key of one.seen) type(key);
          } else if ("keys" in one) for (const key of one.keys.match(/\u001b\[D|[^]/g) ?? []) type(key);
          else if ("noise" in one) interject(one.noise, true);
          else type("\r");
        }
        await pass(2_000);
        expect(await user.shows()).toBe(await plain.shows());
        drawings += drawn().split("\u001b[4m").length - 1;
      },
    ),
    { numRuns: 15 },
  );
  expect(drawings).toBeGreaterThan(5);
});

test.each(["\u001b[44m", "\u001b7\u001b[0m\u001b8"])(
  "In a colour of the program's, as after %j, nothing is printed",
  async (colour) => {
    const { user, plain, drawn, interject, type, pass } = world(() => 100);
    interject(`\r\n$ ${colour}`, true);
    await pass(400);
    type("a");
    await pass(400);
    type("b");
    await pass(50);
    expect(drawn()).not.toContain("b");
    await pass(400);
    expect(await user.shows()).toBe(await plain.shows());
  },
);

test("A password is not printed", async () => {
  const { drawn, interject, type, pass } = world(() => 100);
  interject(`\r\n${PROMPT}`, true);
  await pass(400);
  type("a");
  await pass(400);
  type("b");
  await pass(400);
  expect(drawn()).toContain("\u001b[4mb");
  interject("\r\nPassword: ", false);
  await pass(400);
  for (const letter of "SECRET") type(letter);
  await pass(400);
  expect(drawn()).not.toMatch(/S|E|C|R|T/);
});
