import type { GitDiffFile } from "@ws/rpc-contract";
import { oneLine } from "./one-line.ts";

const SIGN = { context: " ", added: "+", deleted: "-" } as const;
/** Characters: what is longer crowds everything else out of a model's sight. */
const LONGEST = 200_000;

/** A diff as models know it best: unified. Of files that no longer fit there is only the first line. */
export function diffText(files: readonly GitDiffFile[], longest = LONGEST): { text: string; cut: boolean } {
  const parts: string[] = [];
  let room = longest;
  let cut = false;
  for (const file of files) {
    const head = headOf(file);
    const body = bodyOf(file);
    const fits = head.length + body.length <= room;
    cut ||= !fits;
    const part = fits ? `${head}${body}` : head;
    room -= part.length;
    parts.push(part);
  }
  return { text: parts.join("\n"), cut };
}

function headOf({ path, oldPath, status, binary, additions, deletions }: GitDiffFile): string {
  const renamed = oldPath === undefined ? "" : `${oneLine(oldPath)} → `;
  return `${status} ${renamed}${oneLine(path)} ${binary ? "(binary)" : `+${additions} -${deletions}`}`;
}

function bodyOf({ path, oldPath, status, hunks }: GitDiffFile): string {
  if (hunks.length === 0) return "";
  const before = status === "added" ? "/dev/null" : `a/${oneLine(oldPath ?? path)}`;
  const after = status === "deleted" ? "/dev/null" : `b/${oneLine(path)}`;
  const lines = hunks.flatMap((hunk) => [
    hunk.header,
    ...hunk.lines.flatMap(({ type, text, noNewline }) => [
      `${SIGN[type]}${text}`,
      ...(noNewline === true ? ["\\ No newline at end of file"] : []),
    ]),
  ]);
  return ["", `--- ${before}`, `+++ ${after}`, ...lines].join("\n");
}
