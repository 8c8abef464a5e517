import { cn } from "../ui/cn.ts";
import type { GitStatusResult } from "@ws/rpc-contract";

/** What became of a file. */
export type ChangeKind = NonNullable<GitStatusResult["files"][number]["worktree"]>;

const marks: Record<ChangeKind, { letter: string; word: string; tone: string }> = {
  added: { letter: "A", word: "added", tone: "text-good" },
  untracked: { letter: "N", word: "new", tone: "text-good" },
  modified: { letter: "M", word: "modified", tone: "text-busy" },
  type_changed: { letter: "T", word: "another type", tone: "text-busy" },
  deleted: { letter: "D", word: "deleted", tone: "text-bad" },
  renamed: { letter: "R", word: "renamed", tone: "text-accent" },
  copied: { letter: "C", word: "copied", tone: "text-accent" },
  unmerged: { letter: "!", word: "conflicts", tone: "text-bad" },
};

/** What became of a file, as a letter; its word is for those who do not see it. */
export function KindMark({ kind }: { kind: ChangeKind }) {
  const { letter, word, tone } = marks[kind];
  return (
    <span className={cn("w-3.5 shrink-0 text-center font-mono text-xs font-bold", tone)} title={word} aria-hidden>
      {letter}
    </span>
  );
}

export function kindWord(kind: ChangeKind): string {
  return marks[kind].word;
}
