import { ArrowLeft, ChevronLeft, ChevronRight } from "lucide-react";
import { Button } from "../../components/ui/button.tsx";
import { cn } from "../../components/ui/cn.ts";
import { SegmentedControl } from "../../components/ui/segmented.tsx";
import { Select } from "../../components/ui/select.tsx";
import { visible } from "../../components/visible.ts";
import { StatusIcon } from "../../tasks/status-icon.tsx";
import { AttemptDiff } from "./attempt-diff.tsx";
import { AttemptFacts } from "./attempt-facts.tsx";
import { AttemptName } from "./attempt-name.tsx";
import { AttemptState } from "./attempt-state.tsx";
import type { Attempt } from "./attempt.ts";
import { ChangeFigures } from "./change-figures.tsx";
import { isChange, shareOf, type ComparedFile } from "./changed-files.ts";
import { PickButton } from "./pick-button.tsx";
import { NoFiles, type ComparisonViewProps } from "./wide-comparison.tsx";

/** More segments than that have no room on a phone. */
const MOST_SEGMENTS = 5;

/** One attempt at a time: how it stands and the files, then what it did to one of them. */
export function NarrowComparison(props: ComparisonViewProps) {
  const { attempts, changes, files, file, chosen, notes, step, choose, pick } = props;
  const attempt = attempts.find(({ number }) => number === chosen);
  if (attempt === undefined) return null;
  const at = attempts.indexOf(attempt);
  const shown = files.find(({ path }) => path === file);
  return (
    <>
      <div className="shrink-0 border-b border-line bg-surface px-4 py-2">
        <AttemptChoice attempts={attempts} chosen={chosen} choose={(number) => choose({ attempt: number })} />
      </div>
      {shown === undefined ? (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <section aria-label={`Attempt ${attempt.number}`} className="border-b border-line bg-surface px-4 py-3">
            <div className="mb-2 flex items-start justify-between gap-3">
              <AttemptName attempt={attempt} chosen />
              <PickButton attempt={attempt} attempts={attempts} primary pick={pick} />
            </div>
            <AttemptState attempt={attempt} />
            <div className="mt-1.5">
              <AttemptFacts attempt={attempt} changes={changes[at]} />
            </div>
          </section>
          {files.length === 0 ? (
            <div className="px-4 py-10">
              <NoFiles attempts={attempts} changes={changes} />
            </div>
          ) : (
            <ul aria-label="Files" className="divide-y divide-line border-b border-line bg-surface">
              {files.map((one) => (
                <FileItem key={one.path} file={one} at={at} open={() => choose({ file: one.path })} />
              ))}
            </ul>
          )}
          {notes.length > 0 && <p className="px-4 py-3 text-[0.8125rem] text-muted">{notes.join(" ")}</p>}
        </div>
      ) : (
        <section aria-label={`${visible(shown.path)} in ${attempt.name}`} className="flex min-h-0 flex-1 flex-col">
          <div className="flex shrink-0 items-center gap-1 border-b border-line bg-surface px-2 py-1">
            <Button
              variant="ghost"
              size="iconSmall"
              aria-label="Back to the files"
              onClick={() => choose({ file: undefined })}
            >
              <ArrowLeft aria-hidden />
            </Button>
            <h2 className="min-w-0 flex-1 truncate text-left font-mono text-[0.8125rem] font-semibold [direction:rtl]">
              <bdi>{visible(shown.path)}</bdi>
            </h2>
            <Button variant="ghost" size="iconSmall" aria-label="Previous file" onClick={() => step(-1)}>
              <ChevronLeft aria-hidden />
            </Button>
            <Button variant="ghost" size="iconSmall" aria-label="Next file" onClick={() => step(1)}>
              <ChevronRight aria-hidden />
            </Button>
          </div>
          <AttemptDiff
            key={`${attempt.workspaceId} ${shown.path}`}
            attempt={attempt}
            path={shown.path}
            change={shown.changes[at]}
          />
        </section>
      )}
    </>
  );
}

interface AttemptChoiceProps {
  attempts: readonly Attempt[];
  chosen: number;
  choose: (attempt: number) => void;
}

function AttemptChoice({ attempts, chosen, choose }: AttemptChoiceProps) {
  if (attempts.length > MOST_SEGMENTS) {
    return (
      <Select
        aria-label="Attempt"
        value={String(chosen)}
        change={(value) => choose(Number(value))}
        choices={attempts.map(({ number, name }) => ({ value: String(number), label: `${number}: ${name}` }))}
      />
    );
  }
  return (
    <SegmentedControl
      label="Attempt"
      className="w-full [&>*]:min-w-0 [&>*]:flex-1 [&>*]:justify-center"
      value={String(chosen)}
      change={(value) => choose(Number(value))}
      choices={attempts.map(({ number, name, status, task }) => ({
        value: String(number),
        label: (
          <>
            {task !== undefined && (
              <StatusIcon task={task} className={cn("size-4!", status === "removed" && "opacity-45")} />
            )}
            {number}
            <span className="sr-only">: {name}</span>
          </>
        ),
      }))}
    />
  );
}

function FileItem({ file, at, open }: { file: ComparedFile; at: number; open: () => void }) {
  const { path, changes } = file;
  const change = changes[at];
  const end = path.lastIndexOf("/") + 1;
  const { by, of } = shareOf(file);
  return (
    <li>
      <button
        type="button"
        onClick={open}
        className="flex min-h-12 w-full items-center gap-3 px-4 py-1.5 text-left -outline-offset-2 hover:bg-raised/60"
      >
        <span className="min-w-0 flex-1 font-mono text-[0.8125rem]">
          <span className={cn("block truncate", !isChange(change) && "text-muted")}>{visible(path.slice(end))}</span>
          {end > 0 && <span className="block truncate text-xs text-muted">{visible(path.slice(0, end))}</span>}
        </span>
        {isChange(change) ? (
          <ChangeFigures change={change} />
        ) : (
          <span className="text-xs text-muted">{change === undefined ? "not known" : "not changed"}</span>
        )}
        <span className="w-7 text-right text-xs text-muted tabular-nums" aria-hidden>
          {by}/{of}
        </span>
        <span className="sr-only">
          , changed by {by} of {of}
        </span>
      </button>
    </li>
  );
}
