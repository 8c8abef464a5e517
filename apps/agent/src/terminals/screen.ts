import { setTimeout as delay } from "node:timers/promises";
import { SerializeAddon } from "@xterm/addon-serialize";
import headless from "@xterm/headless";
import type { BoundedLog, TerminalSize } from "@ws/workspace-core";
import { followModes } from "./modes.ts";
import { settled } from "./settled.ts";
import { partOfCharacter, unfinished } from "./unfinished.ts";

/** What a terminal shows, kept without anybody looking. */
export interface Screen extends Disposable {
  /** The screen as bytes, lines that were scrolled off before it, and the offset where the program's bytes go on. */
  paint(): { offset: number; bytes: Uint8Array };
  resize(size: TerminalSize): void;
  /** Whether a program asked lately where the cursor is, so that an answer is one and no key. */
  askedForCursor(): boolean;
  /** Resolves once the screen has come this far, or its log has ended. */
  reached(offset: number): Promise<void>;
  /** A promise where it is behind by more than it can make up for, until it is not. */
  lag(): Promise<void> | undefined;
}

export interface ScreenOptions {
  log: BoundedLog;
  size: TerminalSize;
  now: () => number;
  signal: AbortSignal;
  /** Takes the screen's answers to what programs ask. */
  answer?: (bytes: Uint8Array) => void;
  /** Told the title that a program gives itself, as it was said. */
  titled?: (title: string) => void;
  /** Bytes before this were printed before anybody could answer. */
  answerFrom?: number;
}

interface Waiter {
  offset: number;
  resolve: () => void;
}

const SCROLLBACK = 1_000;
const CHUNK = 64 * 1024;
/** More than this at once is no typing any more. */
const BUSY = 128 * 1024;
/** What a flood may gather before it is looked at: the more there is at once, the less of it can still matter. */
const GATHERED = 1024 * 1024;
const GATHER_MS = 15;
const BEHIND = 2 * 1024 * 1024;
/** Of a character or sequence that was cut off, the rest. */
const REST = 64;
const QUESTION_MS = 2_000;

/** Follows a log from its start. */
export function createScreen(options: ScreenOptions): Screen {
  const { log, size, now, signal, answer, titled, answerFrom = 0 } = options;
  const terminal = new headless.Terminal({ ...size, scrollback: SCROLLBACK, allowProposedApi: true });
  const serializer = new SerializeAddon();
  terminal.loadAddon(serializer);
  const modes = followModes(terminal);
  let offset = log.start();
  let pending: Uint8Array = new Uint8Array();
  let part: Uint8Array = new Uint8Array();
  let asked = -Infinity;
  /** Up to here all was plain when it was last looked, and yet not enough. */
  let plain = 0;
  let over = false;
  const waiting = new Set<Waiter>();

  terminal.parser.registerCsiHandler({ final: "n" }, ([what]) => {
    if (what === 6) asked = now();
    return false;
  });
  if (titled !== undefined) terminal.onTitleChange(titled);
  if (answer !== undefined) {
    terminal.onData((text) => {
      if (offset >= answerFrom) answer(Buffer.from(text));
    });
  }

  function write(bytes: Uint8Array, next: number): Promise<void> {
    // xterm loses some characters that it is given in two parts.
    const come = part.length === 0 ? bytes : Buffer.concat([part, bytes]);
    const whole = come.length - partOfCharacter(come);
    part = come.slice(whole);
    return new Promise((resolve) => {
      terminal.write(come.subarray(0, whole), () => {
        pending = unfinished(pending.length === 0 ? bytes : Buffer.concat([pending, bytes]));
        offset = next;
        for (const waiter of waiting) if (waiter.offset <= offset) release(waiter);
        resolve();
      });
    });
  }

  function reached(wanted: number): Promise<void> {
    if (over || offset >= wanted) return Promise.resolve();
    return new Promise((resolve) => waiting.add({ offset: wanted, resolve }));
  }

  function release(waiter: Waiter): void {
    waiting.delete(waiter);
    waiter.resolve();
  }

  async function follow(): Promise<void> {
    for (;;) {
      await log.reaches(offset, signal);
      if (signal.aborted || offset >= log.next()) return;
      await step();
    }
  }

  async function step(): Promise<void> {
    // Where bytes were dropped before they came here, a sequence may be cut off.
    if (offset < log.start()) return write(CANCEL, log.start());
    await gather();
    if (isBusy() && pending.length === 0 && offset >= plain && scrollsOff()) {
      const found = settled(log.peek(offset, GATHERED), SCROLLBACK + 2 * terminal.rows);
      if (found.at > 0) return write(found.styles, offset + found.at);
      plain = offset + found.plain;
    }
    const cutOff = pending.length > 0 && pending.length < REST;
    const bytes = log.slice(offset, cutOff ? REST : CHUNK);
    return write(bytes, offset + bytes.length);
  }

  const scrollsOff = (): boolean => terminal.buffer.active.type === "normal" && modes.scrollsWhole();
  const isBusy = (): boolean => log.next() - offset > BUSY;

  /** In a flood the viewers come first, until somebody waits for the screen. */
  async function gather(): Promise<void> {
    while (isBusy() && waiting.size === 0 && log.next() - offset < GATHERED) {
      const before = log.next();
      await delay(GATHER_MS, undefined, { ref: false, signal });
      if (log.next() - before < BUSY) return;
    }
  }

  function finish(): void {
    over = true;
    for (const waiter of waiting) release(waiter);
  }
  follow()
    .catch(() => undefined)
    .finally(finish);

  return {
    paint() {
      const content = serializer.serialize({ scrollback: SCROLLBACK });
      const sequence = pending.subarray(0, pending.length - part.length);
      const bytes = Buffer.concat([Buffer.from(CLEAN + content + modes.restore()), sequence]);
      return { offset: offset - part.length, bytes };
    },
    resize: ({ cols, rows }) => terminal.resize(cols, rows),
    askedForCursor: () => now() - asked < QUESTION_MS,
    reached,
    lag: () => (log.next() - offset > BEHIND ? reached(log.next() - BEHIND) : undefined),
    [Symbol.dispose]() {
      terminal.dispose();
      finish();
    },
  };
}

const CANCEL = Uint8Array.of(0x18);

/** Undoes what an earlier painting or program left in the viewer's terminal; the lines above its screen stay. */
const CLEAN = [
  "\u001b[?1049l\u001b[!p\u001b[?7h\u001b[?9l\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1005l\u001b[?1006l",
  "\u001b[?1015l\u001b[?1004l\u001b[?2004l\u001b[?66l\u001b[?25h\u001b[0m\u001b[H\u001b[2J",
].join("");
