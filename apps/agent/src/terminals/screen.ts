import { setImmediate as turn } from "node:timers/promises";
import { SerializeAddon } from "@xterm/addon-serialize";
import headless from "@xterm/headless";
import type { BoundedLog, TerminalSize } from "@ws/workspace-core";
import { condense } from "./condense.ts";
import { followModes } from "./modes.ts";
import { unfinished } from "./unfinished.ts";

/** What a terminal shows, kept without anybody looking. */
export interface Screen extends Disposable {
  /** The screen as bytes, lines that were scrolled off before it, and the offset where the program's bytes go on. */
  paint(): { offset: number; bytes: Uint8Array };
  resize(size: TerminalSize): void;
  /** Whether a program asked lately where the cursor is, so that an answer is one and no key. */
  askedForCursor(): boolean;
  /** Resolves once the screen has come this far, or its log has ended. */
  reached(offset: number): Promise<void>;
}

export interface ScreenOptions {
  log: BoundedLog;
  size: TerminalSize;
  now: () => number;
  signal: AbortSignal;
  /** Takes the screen's answers to what programs ask. */
  answer?: (bytes: Uint8Array) => void;
  /** Bytes before this were printed before anybody could answer. */
  answerFrom?: number;
}

interface Waiter {
  offset: number;
  resolve: () => void;
}

const SCROLLBACK = 1_000;
const CHUNK = 64 * 1024;
/** Behind by more than this, the screen looks only at the last of it: it is slower than what can be printed. */
const TOO_MUCH = 2 * 1024 * 1024;
const LOOKED_AT = 1024 * 1024;
/** More than this at once is no typing any more. */
const BUSY = 256 * 1024;
const QUESTION_MS = 2_000;

/** Follows a log from its start. */
export function createScreen(options: ScreenOptions): Screen {
  const { log, size, now, signal, answer, answerFrom = 0 } = options;
  const terminal = new headless.Terminal({ ...size, scrollback: SCROLLBACK, allowProposedApi: true });
  const serializer = new SerializeAddon();
  terminal.loadAddon(serializer);
  const modes = followModes(terminal.parser);
  let offset = log.start();
  let pending: Uint8Array = new Uint8Array();
  let asked = -Infinity;
  let over = false;
  const waiting = new Set<Waiter>();

  terminal.parser.registerCsiHandler({ final: "n" }, ([what]) => {
    if (what === 6) asked = now();
    return false;
  });
  if (answer !== undefined) {
    terminal.onData((text) => {
      if (offset >= answerFrom) answer(Buffer.from(text));
    });
  }

  function write(bytes: Uint8Array, next: number): Promise<void> {
    return new Promise((resolve) => {
      terminal.write(bytes, () => {
        pending = unfinished(pending.length === 0 ? bytes : Buffer.concat([pending, bytes]));
        offset = next;
        for (const waiter of waiting) if (waiter.offset <= offset) release(waiter);
        resolve();
      });
    });
  }

  function release(waiter: Waiter): void {
    waiting.delete(waiter);
    waiter.resolve();
  }

  async function follow(): Promise<void> {
    // Reads through the log only to be woken: what to take is decided by how far behind it is.
    for await (const { offset: at } of log.read(offset, signal)) {
      if (at < offset) continue;
      while (offset < log.next() && !signal.aborted) await step();
    }
  }

  async function step(): Promise<void> {
    if (log.next() - offset > BUSY) {
      // In a flood the viewers come first: what is painted is wanted seldom, and by then the flood is mostly over.
      const before = log.next();
      await turn();
      if (log.next() > before && log.next() - offset <= TOO_MUCH) return;
    }
    const from = Math.max(offset, log.start());
    const cut = from > offset;
    const last = log.next() - LOOKED_AT;
    const skips = cut || log.next() - from > TOO_MUCH;
    if (!skips) {
      const bytes = log.slice(from, CHUNK);
      return write(bytes, from + bytes.length);
    }
    for (let at = from; at < last;) {
      // While the screen is busy the log goes on, and drops what was to be looked at.
      at = Math.max(at, log.start());
      const bytes = log.slice(at, Math.min(1024 * 1024, last - at));
      at += bytes.length;
      await write(condense(bytes), at);
    }
    if (offset < from) await write(condense(new Uint8Array()), from);
  }

  follow()
    .catch(() => undefined)
    .finally(() => {
      over = true;
      for (const waiter of waiting) release(waiter);
    });

  return {
    paint() {
      const content = serializer.serialize({ scrollback: SCROLLBACK });
      return { offset, bytes: Buffer.concat([Buffer.from(CLEAN + content + modes.restore()), pending]) };
    },
    resize: ({ cols, rows }) => terminal.resize(cols, rows),
    askedForCursor: () => now() - asked < QUESTION_MS,
    reached(wanted) {
      if (over || offset >= wanted) return Promise.resolve();
      return new Promise((resolve) => waiting.add({ offset: wanted, resolve }));
    },
    [Symbol.dispose]() {
      terminal.dispose();
    },
  };
}

/** Undoes what an earlier painting or program left in the viewer's terminal; the lines above its screen stay. */
const CLEAN = [
  "\u001b[?1049l\u001b[!p\u001b[?7h\u001b[?9l\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1005l\u001b[?1006l",
  "\u001b[?1015l\u001b[?1004l\u001b[?2004l\u001b[?66l\u001b[?25h\u001b[0m\u001b[H\u001b[2J",
].join("");
