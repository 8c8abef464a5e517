import type { DiffLine, GitDiff } from "../../git-work.ts";

const SIGNS: Readonly<Record<DiffLine["type"], string>> = { context: " ", added: "+", deleted: "-" };

/** A comparison as people and tools know it. */
export function diffText({ files }: Pick<GitDiff, "files">): string {
  return files
    .map(({ path, oldPath = path, status, binary, hunks }) => {
      const head = `--- ${JSON.stringify(oldPath)}\n+++ ${JSON.stringify(path)} (${status})`;
      if (binary) return `${head}\n(binary)`;
      const lines = hunks.map((hunk) =>
        [hunk.header, ...hunk.lines.map(({ type, text }) => `${SIGNS[type]}${text}`)].join("\n"),
      );
      return [head, ...lines].join("\n");
    })
    .join("\n");
}
