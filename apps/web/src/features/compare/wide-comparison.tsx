import { FileDiff } from "lucide-react";
import { useEffect, useRef } from "react";
import { cn } from "../../components/ui/cn.ts";
import { visible } from "../../components/visible.ts";
import { AttemptDiff } from "./attempt-diff.tsx";
import { AttemptNumber } from "./attempt-name.tsx";
import { isAtWork, type Attempt } from "./attempt.ts";
import { ChangeFigures } from "./change-figures.tsx";
import { isChange, type ComparedFile } from "./changed-files.ts";
import { FilesTable } from "./files-table.tsx";
import type { ChangesQuery } from "./use-changes.ts";

export interface ComparisonViewProps {
  attempts: readonly Attempt[];
  changes: readonly ChangesQuery[];
  files: readonly ComparedFile[];
  file: string | undefined;
  /** The number of the attempt that is looked at. */
  chosen: number;
  /** What is not in the list, as sentences. */
  notes: readonly string[];
  step: (by: 1 | -1) => void;
  choose: (to: { file?: string | undefined; attempt?: number }) => void;
  pick: (attempt: Attempt) => void;
}

/** Attempts as columns and files as rows; below them, what each attempt did to the chosen file. */
export function WideComparison(props: ComparisonViewProps) {
  const { attempts, changes, files, file, chosen, notes, step, choose, pick } = props;
  const shown = files.find(({ path }) => path === file);
  return (
    <>
      <FilesTable
        {...{ attempts, changes, files, file, chosen, choose, step, pick }}
        none={<NoFiles attempts={attempts} changes={changes} />}
      />
      {notes.length > 0 && (
        <p className="shrink-0 border-t border-line bg-raised px-6 py-1 text-xs text-muted">{notes.join(" ")}</p>
      )}
      {shown !== undefined && (
        <div className="flex min-h-0 flex-1 overflow-x-auto border-t border-line-strong/60">
          {attempts.map((attempt, at) => (
            <DiffColumn
              key={attempt.workspaceId}
              attempt={attempt}
              file={shown}
              change={shown.changes[at]}
              chosen={chosen === attempt.number}
            />
          ))}
        </div>
      )}
    </>
  );
}

interface DiffColumnProps {
  attempt: Attempt;
  file: ComparedFile;
  change: ComparedFile["changes"][number];
  chosen: boolean;
}

function DiffColumn({ attempt, file: { path }, change, chosen }: DiffColumnProps) {
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    if (chosen) frame.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [chosen]);
  return (
    <section
      ref={frame}
      aria-label={`${visible(path)} in ${attempt.name}`}
      className="flex min-h-0 min-w-80 flex-1 basis-0 flex-col border-l border-line first:border-l-0"
    >
      <h2
        className={cn(
          "flex h-8 shrink-0 items-center gap-2 border-b border-line px-3 text-[0.8125rem] font-normal",
          chosen ? "bg-accent-soft" : "bg-raised",
        )}
      >
        <AttemptNumber of={attempt.number} chosen={chosen} />
        <span className="min-w-0 truncate font-mono font-semibold">{attempt.name}</span>
        <span className="min-w-0 flex-1 truncate font-mono text-xs text-muted" title={visible(path)}>
          {visible(path.slice(path.lastIndexOf("/") + 1))}
        </span>
        {isChange(change) && <ChangeFigures change={change} />}
      </h2>
      <AttemptDiff key={path} attempt={attempt} path={path} change={change} />
    </section>
  );
}

/** Why there is no file to be compared. */
export function NoFiles({ attempts, changes }: Pick<ComparisonViewProps, "attempts" | "changes">) {
  const known = changes.some(({ diff, status }) => diff !== undefined && status !== undefined);
  const [title, text] = attempts.every(({ status }) => status === "removed")
    ? ["All of it is gone", "What became of the tasks is said above."]
    : attempts.some(isAtWork) || !known
      ? ["No changes yet", "What the attempts change is here as soon as they do."]
      : ["Nothing was changed", "Every attempt left the files as they were."];
  return (
    <div className="mx-auto max-w-sm text-center">
      <FileDiff className="mx-auto size-6 text-muted" aria-hidden />
      <p className="mt-2 font-medium">{title}</p>
      <p className="mt-0.5 text-sm text-muted">{text}</p>
    </div>
  );
}
