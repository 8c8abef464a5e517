import type { Hunk } from "./parse-patch.ts";
import { patchFailed } from "./patch-failed.ts";

/** So many lines are compared in search of a file's hunks, which otherwise grows with the product of both lengths. */
const MOST_COMPARED = 20_000_000;

interface Lines {
  lines: string[];
  /** Whether the last one has its line end. */
  ended: boolean;
}

/**
 * The text with the hunks applied. Each must fit exactly, at its line or, where lines before it came or went, at the nearest one
 * behind the hunk before. Where the file's lines end with CRLF and the patch's do not, they are taken to. Throws `patch_check_failed`.
 */
export function applyHunks(
  path: string,
  text: string,
  hunks: readonly Hunk[],
): { text: string; additions: number; deletions: number } {
  const old = split(text);
  const crlf =
    old.lines.length > 0 &&
    old.lines.every((line, index) => line.endsWith("\r") || (index === old.lines.length - 1 && !old.ended));
  const asItEnds = crlf && !hunks.some((hunk) => hunk.lines.some((line) => line.text.endsWith("\r"))) ? "\r" : "";
  const done: string[] = [];
  let ended = old.ended;
  /** The first old line that is not dealt with, and how far lines have been found from where they were said to be. */
  let at = 0;
  let shift = 0;
  let [additions, deletions] = [0, 0];
  const effort = { left: MOST_COMPARED };

  for (const hunk of hunks) {
    const ours = hunk.lines.map((line) => ({
      ...line,
      text: line.noNewline === true ? line.text : `${line.text}${asItEnds}`,
    }));
    const before = ours.filter(({ sign }) => sign !== "+");
    const after = ours.filter(({ sign }) => sign !== "-");
    const said = (before.length === 0 ? hunk.oldStart : hunk.oldStart - 1) + shift;
    const found = placeOf(old, before, Math.max(at, Math.min(said, old.lines.length)), at, effort);
    if (effort.left <= 0)
      throw patchFailed(`where line ${hunk.oldStart} is meant takes too long to be found`, {
        path,
        line: hunk.oldStart,
      });
    if (found === undefined)
      throw patchFailed(`what should stand at line ${hunk.oldStart} does not stand there`, {
        path,
        line: hunk.oldStart,
      });
    shift = found - (before.length === 0 ? hunk.oldStart : hunk.oldStart - 1);
    for (const line of old.lines.slice(at, found)) done.push(line);
    for (const line of after) done.push(line.text);
    at = found + before.length;
    if (at === old.lines.length) ended = endsAfter(after.at(-1), before.at(-1), ended);
    additions += ours.filter(({ sign }) => sign === "+").length;
    deletions += ours.filter(({ sign }) => sign === "-").length;
  }
  for (const line of old.lines.slice(at)) done.push(line);
  return { text: done.join("\n") + (ended && done.length > 0 ? "\n" : ""), additions, deletions };
}

function endsAfter(
  last: Hunk["lines"][number] | undefined,
  before: Hunk["lines"][number] | undefined,
  ended: boolean,
): boolean {
  if (last === undefined) return true;
  if (last.noNewline === true) return false;
  // A hunk that says nothing of the end leaves it as it is, unless it adds behind it.
  return last.sign === "+" || before?.noNewline === true ? true : ended;
}

function placeOf(
  old: Lines,
  wanted: readonly Hunk["lines"][number][],
  said: number,
  first: number,
  effort: { left: number },
): number | undefined {
  const last = old.lines.length - wanted.length;
  const fits = (place: number): boolean =>
    place >= first &&
    place <= last &&
    wanted.every((line, index) => {
      effort.left -= 1;
      return effort.left > 0 && fitsAt(old, line, place + index);
    });
  for (let away = 0; effort.left > 0 && (said - away >= first || said + away <= last); away += 1) {
    if (fits(said - away)) return said - away;
    if (fits(said + away)) return said + away;
    // Nothing to find it by: it stands where it was said to.
    if (wanted.length === 0) return undefined;
  }
  return undefined;
}

function fitsAt({ lines, ended }: Lines, line: Hunk["lines"][number], index: number): boolean {
  if (lines[index] !== line.text) return false;
  return line.noNewline !== true || (index === lines.length - 1 && !ended);
}

function split(text: string): Lines {
  if (text === "") return { lines: [], ended: true };
  const lines = text.split("\n");
  const ended = lines.at(-1) === "";
  if (ended) lines.pop();
  return { lines, ended };
}
