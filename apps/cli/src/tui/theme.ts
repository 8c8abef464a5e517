import { RGBA, TextAttributes } from "@opentui/core";

/** How a piece of text looks. There is one accent; everything else is the terminal's own colour, so that it reads on any ground. */
export type Tone = "plain" | "strong" | "muted" | "accent" | "bad";

export const OWN = RGBA.defaultForeground();
/** Both read on black and on white. */
const ACCENT = RGBA.fromHex("#2a9d8f");
const BAD = RGBA.fromHex("#d9534f");

export const LOOKS: Readonly<Record<Tone, { fg: RGBA; attributes: number }>> = {
  plain: { fg: OWN, attributes: TextAttributes.NONE },
  strong: { fg: OWN, attributes: TextAttributes.BOLD },
  muted: { fg: OWN, attributes: TextAttributes.DIM },
  accent: { fg: ACCENT, attributes: TextAttributes.BOLD },
  bad: { fg: BAD, attributes: TextAttributes.NONE },
};
