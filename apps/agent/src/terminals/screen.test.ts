import headless from "@xterm/headless";
import { createBoundedLog } from "@ws/workspace-core";
import { expect, onTestFinished, test } from "vitest";
import { partOfCharacter } from "./unfinished.ts";
import { createScreen, type ScreenOptions } from "./screen.ts";

const SIZE = { cols: 80, rows: 24 };

function start(options: Partial<ScreenOptions> = {}) {
  const log = createBoundedLog(4 * 1024 * 1024);
  const ending = new AbortController();
  const screen = createScreen({ log, size: SIZE, now: () => 0, signal: ending.signal, ...options });
  onTestFinished(() => {
    ending.abort();
    screen[Symbol.dispose]();
  });
  const print = (text: string): Promise<void> => {
    log.append(Buffer.from(text));
    return screen.reached(log.next());
  };
  return { log, screen, print };
}

/** A viewer's terminal with these bytes, and its whole state in words. */
async function view(...parts: Uint8Array[]) {
  const terminal = new headless.Terminal({ ...SIZE, allowProposedApi: true });
  onTestFinished(() => terminal.dispose());
  const seen: string[] = [];
  for (const [prefix, final] of [
    ["?", "h"],
    ["?", "l"],
    [" ", "q"],
  ] as const) {
    const id = prefix === "?" ? { prefix, final } : { intermediates: prefix, final };
    terminal.parser.registerCsiHandler(id, (params) => {
      seen.push(`${prefix}${params.join(";")}${final}`);
      return false;
    });
  }
  for (const part of parts) await new Promise<void>((resolve) => terminal.write(part, resolve));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: SIZE.rows }, (_, row) =>
    active.getLine(active.baseY + row)?.translateToString(true),
  );
  return { lines, cursor: [active.cursorX, active.cursorY], buffer: active.type, modes: terminal.modes, seen };
}

test("A painted screen looks like the one the program made, full-screen programs and colours included", async () => {
  const { screen, print } = start();
  const program = [
    ...Array.from({ length: 60 }, (_, line) => `\x1b[3${line % 8}mline ${line}\x1b[0m\r\n`),
    "\x1b[?1049h\x1b[2J\x1b[5;10Hover there\x1b[7;1H\x1b[7mreverse",
  ].join("");
  await print(program);
  const { seen: _asked, ...own } = await view(Buffer.from(program));
  expect(await view(screen.paint().bytes)).toMatchObject(own);
});

test("Modes are restored that serializing forgets: hidden cursor, mouse encoding, cursor's look, paste, keypad", async () => {
  const { screen, print } = start();
  await print("\x1b[?25l\x1b[?1002h\x1b[?1006h\x1b[5 q\x1b[?2004h\x1b[?1h\x1b=\x1b[?1004h");
  const { seen, modes } = await view(screen.paint().bytes);
  expect(seen.slice(-3)).toEqual([" 5q", "?25l", "?1006h"]);
  expect(modes).toMatchObject({
    bracketedPasteMode: true,
    applicationCursorKeysMode: true,
    applicationKeypadMode: true,
    mouseTrackingMode: "drag",
    sendFocusMode: true,
  });
});

test("What a program undid is not restored", async () => {
  const { screen, print } = start();
  await print("\x1b[?25l\x1b[?1006h\x1b[>1u\x1b[<u\x1b[2;10r\x1b[r\x1b[?25h\x1b[?1006l");
  const painted = Buffer.from(screen.paint().bytes).toString();
  expect(painted).not.toMatch(/\[\?25l|\[\?1006h|u$|\[2;10r/);
});

test("A scroll region, line drawing, the title and the kitty keyboard go on after the painting", async () => {
  const { screen, print } = start();
  await print("\x1b]0;a title\x07\x1b[2;10r\x1b[5;5H\x1b(0\x1b[>3u");
  const painted = Buffer.from(screen.paint().bytes).toString();
  expect(painted).toContain("\x1b]2;a title\x07");
  expect(painted).toContain("\x1b7\x1b[2;10r\x1b8");
  expect(painted).toContain("\x1b(0");
  expect(painted).toContain("\x1b[>3u");
  expect((await view(screen.paint().bytes)).cursor).toEqual([4, 4]);
});

test("The program's bytes go on after the painting wherever it was made, in the middle of a sequence or character", async () => {
  const text = "\x1b[1;31mrot €uro 😀\x1b]0;title\x07\x1b[10;3H\x1b[38;5;200mend\x1b[0m";
  const bytes = Buffer.from(text);
  const whole = await view(bytes);
  for (let cut = 1; cut < bytes.length; cut += 1) {
    const { screen, log } = start();
    log.append(bytes.subarray(0, cut));
    await screen.reached(cut);
    const painted = screen.paint();
    expect(cut - painted.offset).toBe(partOfCharacter(bytes.subarray(0, cut)));
    const { lines, cursor } = await view(painted.bytes, bytes.subarray(painted.offset));
    expect({ cut, lines, cursor }).toEqual({ cut, lines: whole.lines, cursor: whole.cursor });
  }
});

test("No character is lost that comes in parts", async () => {
  const bytes = Buffer.from("a — b");
  for (let cut = 1; cut < bytes.length; cut += 1) {
    const { screen, log } = start();
    log.append(bytes.subarray(0, cut));
    await screen.reached(cut);
    log.append(bytes.subarray(cut));
    await screen.reached(log.next());
    expect((await view(screen.paint().bytes)).lines[0]).toBe("a — b");
  }
});

test("Far behind a flood it looks at the last of it, and still knows every mode", async () => {
  const { screen, log } = start();
  log.append(Buffer.from("\x1b[?2004h\x1b[?25l\x1b]2;before\x07"));
  log.append(Buffer.from(`${"x".repeat(78)}\r\n`.repeat(45_000)));
  log.append(Buffer.from("last line"));
  await screen.reached(log.next());
  const painted = screen.paint();
  expect(painted.offset).toBe(log.next());
  const { lines, modes, seen } = await view(painted.bytes);
  expect(lines.at(-1)).toBe("last line");
  expect(lines[0]).toBe("x".repeat(78));
  expect(modes.bracketedPasteMode).toBe(true);
  expect(seen).toContain("?25l");
});

test("It answers a program where nobody else does, but not what was asked before", async () => {
  const answers: string[] = [];
  const { print } = start({ answer: (bytes) => answers.push(Buffer.from(bytes).toString()), answerFrom: 3 });
  await print("\x1b[c");
  expect(answers).toEqual([]);
  await print("\x1b[c");
  expect(answers).toEqual(["\x1b[?1;2c"]);
});

test("It says whether a program asked for the cursor lately", async () => {
  let now = 0;
  const { screen, print } = start({ now: () => now });
  expect(screen.askedForCursor()).toBe(false);
  await print("\x1b[6n");
  expect(screen.askedForCursor()).toBe(true);
  now = 5_000;
  expect(screen.askedForCursor()).toBe(false);
});
