import { KindMark, kindWord } from "../../components/diff/kind-mark.tsx";
import type { FileChange } from "./changed-files.ts";
import { PlusMinus } from "./plus-minus.tsx";

/** What became of a file in one attempt, in a letter and two figures. */
export function ChangeFigures({ change }: { change: FileChange }) {
  const { kind, binary } = change;
  return (
    <span className="inline-flex items-center gap-1.5">
      <KindMark kind={kind} />
      <span className="sr-only">{kindWord(kind)} </span>
      {kind === "untracked" ? (
        <span className="text-xs text-muted">new</span>
      ) : binary ? (
        <span className="text-xs text-muted">no text</span>
      ) : (
        <PlusMinus {...change} />
      )}
    </span>
  );
}
