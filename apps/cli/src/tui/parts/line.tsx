import { StyledText, type MouseEvent } from "@opentui/core";
import { printable } from "../../output/printable.ts";
import { LOOKS, type Tone } from "../theme.ts";

/** A text with its look. */
export type Piece = string | readonly [text: string, tone: Tone];

export interface LineProps {
  pieces: readonly Piece[];
  onMouseDown?: ((event: MouseEvent) => void) | undefined;
}

/** One row of text, cut where the screen ends. Together with `Words` and `Field` the only place where text reaches the screen: nothing in it controls a terminal. */
export function Line({ pieces, onMouseDown }: LineProps) {
  return (
    <text
      content={styled(pieces, " ")}
      wrapMode="none"
      height={1}
      flexShrink={0}
      selectable={false}
      {...(onMouseDown && { onMouseDown })}
    />
  );
}

/** Text that is broken between words, in at most so many rows. */
export function Words({ pieces, rows }: { pieces: readonly Piece[]; rows?: number }) {
  return (
    <text
      content={styled(pieces, "\n")}
      wrapMode="word"
      flexShrink={0}
      {...(rows === undefined ? {} : { maxHeight: rows })}
    />
  );
}

function styled(pieces: readonly Piece[], lineEnd: string): StyledText {
  return new StyledText(
    pieces.map((piece) => {
      const [text, tone] = typeof piece === "string" ? ([piece, "plain"] as const) : piece;
      return { __isChunk: true as const, text: onScreen(text, lineEnd), ...LOOKS[tone] };
    }),
  );
}

function onScreen(text: string, lineEnd: string): string {
  return printable(text.replace(/\r\n?/g, "\n")).replaceAll("\t", "  ").replaceAll("\n", lineEnd);
}
