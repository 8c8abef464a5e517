import { RGBA, TextAttributes } from "@opentui/core";

/** How a piece of text looks. There is one accent; everything else is the terminal's own colour, so that it reads on any ground. */
export type Tone = "plain" | "strong" | "muted" | "accent" | "bad";

const own = RGBA.defaultForeground();
/** Both read on black and on white. */
const ACCENT = RGBA.fromHex("#2a9d8f");
const BAD = RGBA.fromHex("#d9534f");

export const LOOKS: Readonly<Record<Tone, { fg: RGBA; attributes: number }>> = {
  plain: { fg: own, attributes: TextAttributes.NONE },
  strong: { fg: own, attributes: TextAttributes.BOLD },
  muted: { fg: own, attributes: TextAttributes.DIM },
  accent: { fg: ACCENT, attributes: TextAttributes.BOLD },
  bad: { fg: BAD, attributes: TextAttributes.NONE },
};
