import { renderUnicodeCompact } from "uqr";
import type { Context } from "../context.ts";

/** The command, an empty line, and what is said below. */
const AROUND = 3;

/** A link as a picture for the camera of a phone, where the terminal has room, below what was printed, and the letters for it. */
export function drawQr({ io, print }: Pick<Context, "io" | "print">, link: string, printed: number): void {
  const { LC_ALL, LC_CTYPE, LANG, NO_COLOR } = io.env;
  if (io.stdout.isTTY !== true || !/utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || "")) return;
  const lines = renderUnicodeCompact(link, { border: 1 }).split("\n");
  if (
    (io.stdout.columns ?? 80) < (lines[0]?.length ?? 0) + 2 ||
    (io.stdout.rows ?? 24) < lines.length + printed + AROUND
  )
    return;
  // Its light parts are drawn, so that they have to be light, whatever this terminal writes with.
  const [on, off] = NO_COLOR === undefined ? ["\u001b[97;40m", "\u001b[0m"] : ["", ""];
  print(`\n${lines.map((line) => `  ${on}${line}${off}`).join("\n")}`);
}
