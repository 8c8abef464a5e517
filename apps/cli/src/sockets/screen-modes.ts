export interface ScreenModes {
  /** Takes note of what a program prints. */
  saw(bytes: Buffer): void;
  /** Whether the program has a screen of its own, which it paints all over. */
  isAlternate(): boolean;
  /** What gives the terminal back as its user had it, on a line of its own. */
  giveBack(): string;
}

/** Which screen a program has the terminal on, so that leaving undoes just that. */
export function createScreenModes(): ScreenModes {
  /** The mode that entered the other screen. */
  let alternate: string | undefined;
  /** A sequence may be cut in two by the end of a piece. */
  let rest = "";
  return {
    saw(bytes) {
      const text = rest + bytes.toString("latin1");
      for (const [, modes, change] of text.matchAll(CHANGES)) {
        // A reset names none.
        const mode = modes?.split(";").find((each) => ALTERNATE.has(each));
        if (modes === undefined || (mode !== undefined && change === "l")) alternate = undefined;
        else alternate ??= mode;
      }
      rest = text.slice(-LONGEST);
    },
    isAlternate: () => alternate !== undefined,
    // Left by 1049, a screen that was not entered by it would put the cursor where it was at some earlier time.
    giveBack: () => `${alternate === undefined ? "" : `\u001b[?${alternate}l`}${QUIET}\r\n\u001b[J`,
  };
}

// oxlint-disable-next-line no-control-regex
const CHANGES = /\u001b(?:c|\[\?([\d;]+)([hl]))/g;
const ALTERNATE = new Set(["47", "1047", "1049"]);
const LONGEST = 32;

/** Ends application cursor keys, reports of mouse and focus, bracketed paste, a hidden or changed cursor, and styles. */
const QUIET =
  "\u001b[?1l\u001b>\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1004l\u001b[?1006l\u001b[?2004l\u001b[?25h\u001b[0 q\u001b[0m";
