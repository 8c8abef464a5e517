import { WsError } from "../errors.ts";
import { excerpt } from "../names.ts";
import { nearestLine } from "./nearest-line.ts";
import { EDIT_LIMIT, tooLarge } from "./text.ts";

export interface Replacement {
  oldString: string;
  newString: string;
  /** Whether every place is replaced; without it there must be one. */
  replaceAll?: boolean;
}

/** How many lines of many places are told. */
const LINES_TOLD = 50;

/**
 * The text with the old string replaced. Where the text ends its lines with CRLF and the strings do not, they are taken to mean that.
 * Throws `identical_strings`, `string_not_found` with the line that is nearest, and `multiple_matches` with the lines of all.
 */
export function editText(path: string, text: string, edit: Replacement): { text: string; replacements: number } {
  const shown = excerpt(path);
  if (edit.oldString === edit.newString) {
    throw new WsError("identical_strings", {
      message: "The old and the new text are the same, so nothing would change.",
      next: "Give another new text.",
      data: { path: shown },
    });
  }
  const { oldString, newString } = inTheTextsLines(text, edit);
  const { first, count } = placesOf(text, oldString);
  if (count === 0) throw notFound(shown, text, edit.oldString);
  if (count > 1 && edit.replaceAll !== true) throw several(shown, text, first, count);
  const length = text.length + count * (newString.length - oldString.length);
  // It would be more than can be edited again, or than can be held.
  if (length > Math.max(EDIT_LIMIT, text.length)) {
    throw tooLarge(shown, length, EDIT_LIMIT, "Replace less of it, or give a shorter new text.");
  }
  return { text: text.replaceAll(oldString, () => newString), replacements: count };
}

function inTheTextsLines(
  text: string,
  { oldString, newString }: Replacement,
): { oldString: string; newString: string } {
  const asCrlf = (lines: string): string => lines.replace(/\r?\n/g, "\r\n");
  const crlf = text.includes("\r\n") && !/(?:^|[^\r])\n/.test(text);
  if (!crlf || `${oldString}${newString}`.includes("\r\n")) return { oldString, newString };
  return { oldString: asCrlf(oldString), newString: asCrlf(newString) };
}

/** The first ones, and how many there are. */
function placesOf(text: string, wanted: string): { first: number[]; count: number } {
  const first: number[] = [];
  let count = 0;
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) {
    if (count < LINES_TOLD) first.push(at);
    count += 1;
  }
  return { first, count };
}

function several(path: string, text: string, places: readonly number[], count: number): WsError {
  const lines: number[] = [];
  let line = 1;
  let from = 0;
  for (const place of places) {
    for (let at = text.indexOf("\n", from); at !== -1 && at < place; at = text.indexOf("\n", at + 1)) {
      line += 1;
      from = at + 1;
    }
    lines.push(line);
  }
  const more = count > lines.length ? ", …" : "";
  return new WsError("multiple_matches", {
    message: `The old text stands ${count} times in '${path}', in lines ${lines.join(", ")}${more}.`,
    next: "Give more of what is around the one that is meant, or ask for all to be replaced.",
    data: { path, lines, matches: count },
  });
}

function notFound(path: string, text: string, wanted: string): WsError {
  const near = nearestLine(text, wanted);
  return new WsError("string_not_found", {
    message: `The old text does not stand in '${path}'.${near === undefined ? "" : ` Line ${near.line} is nearest: ${excerpt(near.text)}`}`,
    next: "Read the file again and give the text as it stands there, blanks included.",
    data: { path, ...(near === undefined ? {} : { line: near.line, nearest: excerpt(near.text) }) },
  });
}
