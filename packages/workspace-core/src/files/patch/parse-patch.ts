import { patchFailed } from "./patch-failed.ts";

export interface Hunk {
  /** The line, from 1, that it was made at; 0 where there was none. */
  oldStart: number;
  lines: { sign: " " | "-" | "+"; text: string; noNewline?: true }[];
}

/** What a patch does with one file; a path is absent where there is no file on that side. */
export interface FilePatch {
  from?: string;
  to?: string;
  mode?: number;
  hunks: Hunk[];
}

/** Takes a unified diff apart, as git and diff make it. Throws `patch_check_failed`, naming the patch's line. */
export function parsePatch(patch: string): FilePatch[] {
  const lines = patch.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const files: FilePatch[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    if (line.startsWith("diff --git ")) at = readGitHeader();
    else if (line.startsWith("--- ") && lines[at + 1]?.startsWith("+++ ") === true) at = readNames(undefined);
    else if (line.startsWith("@@ ")) throw patchFailed("a hunk comes before the names of its file", { line: at + 1 });
    else at += 1;
  }
  if (files.length === 0) throw patchFailed("it holds no file's changes; it must be a unified diff", {});
  return files;

  function readGitHeader(): number {
    const extended: { from?: string; to?: string; mode?: number; removed?: true; added?: true } = {};
    const header = lines[at] ?? "";
    const begun = at;
    at += 1;
    for (; at < lines.length; at += 1) {
      const line = (lines[at] ?? "").replace(/\r$/, "");
      if (line.startsWith("--- ") || line.startsWith("diff --git ") || line.startsWith("@@ ")) break;
      const [, key, value = ""] =
        /^(rename from|rename to|copy from|copy to|new file mode|deleted file mode|new mode|old mode|GIT binary patch|Binary files)(?: (.*))?$/.exec(
          line,
        ) ?? [];
      if (key === "rename from") extended.from = unquoted(value);
      else if (key === "rename to") extended.to = unquoted(value);
      else if (key === "new file mode") Object.assign(extended, { added: true, mode: modeOf(value, at) });
      else if (key === "new mode") extended.mode = modeOf(value, at);
      else if (key === "deleted file mode") extended.removed = true;
      else if (key?.startsWith("copy") === true)
        throw patchFailed("it copies a file, which is not supported", { line: at + 1 });
      else if (key !== undefined && /^(?:GIT b|B)inary/.test(key))
        throw patchFailed("it changes a binary file", { line: at + 1 });
    }
    const named = lines[at]?.startsWith("--- ") === true && lines[at + 1]?.startsWith("+++ ") === true;
    if (named) return readNames(extended);
    // An empty file that comes or goes, a renaming, a mode: there are no hunks, so the header alone names it.
    const path = extended.to ?? sameName(header);
    if (path === undefined) throw patchFailed("its header does not say which file is meant", { line: begun + 1 });
    files.push({
      ...(extended.added === true ? {} : { from: extended.from ?? path }),
      ...(extended.removed === true ? {} : { to: path }),
      ...(extended.mode === undefined ? {} : { mode: extended.mode }),
      hunks: [],
    });
    return at;
  }

  function readNames(extended: { from?: string; to?: string; mode?: number } | undefined): number {
    const [old, now] = [nameIn(lines[at]), nameIn(lines[at + 1])];
    const from = extended?.from ?? withoutSide(old, "a/", now);
    const to = extended?.to ?? withoutSide(now, "b/", old);
    if (from === undefined && to === undefined) throw patchFailed("it names no file", { line: at + 1 });
    const file: FilePatch = {
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(extended?.mode === undefined ? {} : { mode: extended.mode }),
      hunks: [],
    };
    at += 2;
    while (lines[at]?.startsWith("@@ ") === true) file.hunks.push(readHunk());
    files.push(file);
    return at;
  }

  function readHunk(): Hunk {
    const begun = at;
    const [, start, olds = "1", news = "1"] = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(lines[at] ?? "") ?? [];
    if (start === undefined) throw patchFailed("a hunk's header is not '@@ -1,2 +1,2 @@'", { line: at + 1 });
    const hunk: Hunk = { oldStart: Number(start), lines: [] };
    let [old, now] = [Number(olds), Number(news)];
    at += 1;
    while (old > 0 || now > 0) {
      const line = lines[at];
      // Some mailers take the blank from an empty line.
      const sign = line === "" || line === "\r" ? " " : line?.[0];
      if (sign === "\\") noNewline(hunk);
      else if (line === undefined || (sign !== " " && sign !== "-" && sign !== "+")) {
        throw patchFailed("a hunk has fewer lines than its header says", { line: begun + 1 });
      } else {
        if (sign !== "+") old -= 1;
        if (sign !== "-") now -= 1;
        hunk.lines.push({ sign, text: line === "" || line === "\r" ? line : line.slice(1) });
      }
      at += 1;
    }
    if (old < 0 || now < 0) throw patchFailed("a hunk has more lines than its header says", { line: begun + 1 });
    if (lines[at]?.startsWith("\\") === true) {
      noNewline(hunk);
      at += 1;
    }
    return hunk;
  }
}

function noNewline(hunk: Hunk): void {
  const last = hunk.lines.at(-1);
  if (last !== undefined) last.noNewline = true;
}

/** `--- a/src/x.ts` and a time after a tab; undefined for `/dev/null`. */
function nameIn(line = ""): string | undefined {
  const text = line.slice(4).replace(/\r$/, "");
  const name = text.startsWith('"') ? unquoted(text) : (text.split("\t")[0] ?? "");
  return name === "/dev/null" ? undefined : name;
}

/** git puts `a/` and `b/` before both names; a plain diff before none. */
function withoutSide(name: string | undefined, side: "a/" | "b/", other: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const otherSide = side === "a/" ? "b/" : "a/";
  const both = name.startsWith(side) && (other === undefined || other.startsWith(otherSide));
  return both ? name.slice(2) : name;
}

/** `diff --git a/x b/x`, where both are the same. */
function sameName(header: string): string | undefined {
  const rest = header.slice("diff --git ".length).replace(/\r$/, "");
  if (rest.startsWith('"')) {
    const [, quoted] = /^("(?:[^"\\]|\\.)*") /.exec(rest) ?? [];
    return quoted === undefined ? undefined : unquoted(quoted).slice(2);
  }
  const half = (rest.length - 1) / 2;
  const name = rest.slice(2, half);
  return rest === `a/${name} b/${name}` ? name : undefined;
}

function modeOf(text: string, line: number): number {
  if (text.startsWith("100")) return Number.parseInt(text, 8) & 0o777;
  throw patchFailed("it makes what is no regular file", { line: line + 1 });
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, "\\": 92 };

/** A name as git quotes it: bytes that are no plain ASCII in octal. */
function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  const bytes: number[] = [];
  const body = text.slice(1, text.lastIndexOf('"'));
  for (const [, octal, letter, plain] of body.matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gs)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else if (letter !== undefined) bytes.push(ESCAPES[letter] ?? letter.charCodeAt(0));
    else bytes.push(...new TextEncoder().encode(plain));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}
