import { WsError } from "../errors.ts";
import { excerpt } from "../names.ts";
import { nearestLine } from "./nearest-line.ts";

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
  const places = placesOf(text, oldString);
  const [first] = places;
  if (first === undefined) throw notFound(shown, text, edit.oldString);
  if (places.length > 1 && edit.replaceAll !== true) throw several(shown, text, places);
  return { text: text.split(oldString).join(newString), replacements: places.length };
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

function placesOf(text: string, wanted: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) places.push(at);
  return places;
}

function several(path: string, text: string, places: readonly number[]): WsError {
  const lines: number[] = [];
  let line = 1;
  let from = 0;
  for (const place of places.slice(0, LINES_TOLD)) {
    for (let at = text.indexOf("\n", from); at !== -1 && at < place; at = text.indexOf("\n", at + 1)) {
      line += 1;
      from = at + 1;
    }
    lines.push(line);
  }
  const more = places.length > lines.length ? ", …" : "";
  return new WsError("multiple_matches", {
    message: `The old text stands ${places.length} times in '${path}', in lines ${lines.join(", ")}${more}.`,
    next: "Give more of what is around the one that is meant, or ask for all to be replaced.",
    data: { path, lines, matches: places.length },
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
