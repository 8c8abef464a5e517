import { useEffect, useRef, type KeyboardEvent } from "react";
import { cn } from "../../components/ui/cn.ts";
import { visible } from "../../components/visible.ts";
import { AttemptFacts } from "./attempt-facts.tsx";
import { AttemptName } from "./attempt-name.tsx";
import { AttemptState } from "./attempt-state.tsx";
import type { Attempt } from "./attempt.ts";
import { ChangeFigures } from "./change-figures.tsx";
import { isChange, shareOf, type ComparedFile } from "./changed-files.ts";
import { PickButton } from "./pick-button.tsx";
import type { ChangesQuery } from "./use-changes.ts";

interface FilesTableProps {
  attempts: readonly Attempt[];
  changes: readonly ChangesQuery[];
  files: readonly ComparedFile[];
  /** What stands in the place of files where there are none. */
  none: React.ReactNode;
  file: string | undefined;
  chosen: number;
  choose: (to: { file?: string; attempt?: number }) => void;
  step: (by: 1 | -1) => void;
  pick: (attempt: Attempt) => void;
}

/** The attempts as columns, the files that they changed as rows. Arrows lead from file to file. */
export function FilesTable(props: FilesTableProps) {
  const { attempts, changes, files, none, file, chosen, choose, step, pick } = props;
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (file === undefined) return;
    const row = frame.current?.querySelector<HTMLElement>("[aria-current=true]");
    row?.scrollIntoView({ block: "nearest" });
    // The arrows move the focus too, where it is in the list.
    if (frame.current?.contains(document.activeElement) === true && document.activeElement?.matches("[data-file]")) {
      row?.querySelector<HTMLElement>("[data-file]")?.focus({ preventScroll: true });
    }
  }, [file]);
  useEffect(() => {
    const head = frame.current?.querySelector<HTMLElement>(`[data-attempt="${chosen}"]`);
    head?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [chosen]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  };
  return (
    <div
      ref={frame}
      role="region"
      aria-label="Attempts and the files that they changed"
      // What scrolls has to be reachable by who has no mouse.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="max-h-[54%] shrink-0 overflow-auto border-b border-line bg-surface -outline-offset-2"
    >
      <table
        className="w-full table-fixed border-separate border-spacing-0 text-left text-sm"
        style={{ minWidth: `${15 + 16 * attempts.length}rem` }}
      >
        <thead>
          <tr className="align-top">
            <th
              scope="col"
              className="sticky top-0 left-0 z-20 w-[22%] border-b border-line bg-surface px-4 pt-3 pb-2 align-bottom text-[0.8125rem] font-medium text-muted sm:pl-6"
            >
              {files.length === 0
                ? "Files"
                : `${files.length.toLocaleString("en")} ${files.length === 1 ? "file" : "files"}`}
            </th>
            {attempts.map((attempt, at) => (
              <th
                key={attempt.workspaceId}
                scope="col"
                aria-label={`Attempt ${attempt.number}: ${attempt.name}`}
                data-attempt={attempt.number}
                className={cn(
                  "sticky top-0 z-10 scroll-ml-64 border-b border-l border-line px-3 pt-3 pb-2 font-normal",
                  chosen === attempt.number ? "bg-accent-soft" : "bg-surface",
                )}
              >
                <div className="mb-1.5 flex items-start justify-between gap-2">
                  <AttemptName attempt={attempt} chosen={chosen === attempt.number} />
                  <PickButton attempt={attempt} attempts={attempts} primary={chosen === attempt.number} pick={pick} />
                </div>
                <AttemptState attempt={attempt} />
                <div className="mt-1">
                  <AttemptFacts attempt={attempt} changes={changes[at]} />
                </div>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {files.length === 0 && (
            <tr>
              <td colSpan={attempts.length + 1} className="px-6 py-6">
                {none}
              </td>
            </tr>
          )}
          {files.map((one) => (
            <FileRow
              key={one.path}
              {...{ file: one, attempts, current: one.path === file, chosen, choose, onKeyDown }}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface FileRowProps {
  file: ComparedFile;
  attempts: readonly Attempt[];
  current: boolean;
  chosen: number;
  choose: FilesTableProps["choose"];
  onKeyDown: (event: KeyboardEvent) => void;
}

function FileRow({ file, attempts, current, chosen, choose, onKeyDown }: FileRowProps) {
  const { path, changes } = file;
  const end = path.lastIndexOf("/") + 1;
  const { by, of } = shareOf(file);
  const ground = current ? "bg-accent-soft" : "bg-surface group-hover:bg-raised";
  return (
    <tr aria-current={current} className="group">
      <th scope="row" aria-label={visible(path)} className={cn("sticky left-0 z-[5] max-w-0 p-0 font-normal", ground)}>
        <button
          type="button"
          data-file
          tabIndex={current ? 0 : -1}
          onClick={() => choose({ file: path })}
          onKeyDown={onKeyDown}
          title={visible(path)}
          className="flex h-8 w-full items-center gap-2 px-4 text-left font-mono text-[0.8125rem] -outline-offset-2 sm:pl-6 pointer-coarse:h-11"
        >
          <span className="flex min-w-0 flex-1 items-baseline">
            {/* Cut at its beginning: the end is what tells it from the others. */}
            <span className="min-w-0 truncate text-left text-muted [direction:rtl]">
              <bdi>{visible(path.slice(0, end))}</bdi>
            </span>
            <span className="max-w-full shrink-0 truncate">{visible(path.slice(end))}</span>
          </span>
          <span className="shrink-0 font-sans text-xs text-muted tabular-nums" aria-hidden>
            {by}/{of}
          </span>
          <span className="sr-only">
            , changed by {by} of {of}
          </span>
        </button>
      </th>
      {attempts.map(({ workspaceId, number }, at) => {
        const change = changes[at];
        return (
          <td key={workspaceId} className={cn("border-l border-line p-0", ground)}>
            {!isChange(change) ? (
              <span className="px-3 text-muted">
                <span aria-hidden>{change === undefined ? "?" : "·"}</span>
                <span className="sr-only">{change === undefined ? "not known" : "not changed"}</span>
              </span>
            ) : (
              <button
                type="button"
                tabIndex={-1}
                onClick={() => choose({ file: path, attempt: number })}
                className={cn(
                  "flex h-8 w-full items-center px-3 text-left -outline-offset-2 pointer-coarse:h-11",
                  current && chosen === number && "font-semibold",
                )}
              >
                <ChangeFigures change={change} />
              </button>
            )}
          </td>
        );
      })}
    </tr>
  );
}
