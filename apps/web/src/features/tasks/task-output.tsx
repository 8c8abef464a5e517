import type { TaskInfo } from "@ws/rpc-contract";
import { ArrowDownToLine, Download } from "lucide-react";
import { useState, type ReactNode } from "react";
import { createOutputLines, type Output } from "../../components/output/output-lines.ts";
import { OutputView } from "../../components/output/output-view.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { saveFile } from "../../components/save-file.ts";
import { Button } from "../../components/ui/button.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { useToaster } from "../../components/ui/toast.tsx";
import { useServices } from "../../services.ts";
import { isOver } from "../../tasks/live-tasks.ts";
import { useTaskStream, type Reading } from "./use-task-stream.ts";

/** Characters that a page keeps of what a task said. */
const KEPT = 2_000_000;

function beginLines(): Reading<Output> {
  const lines = createOutputLines(KEPT);
  return { add: lines.add, shown: lines.output };
}

/** What a task says as it says it, in its colours; its file, and its earlier attempts. */
export function TaskOutput({ task, views }: { task: TaskInfo; /** Other ways to look at it. */ views?: ReactNode }) {
  const [chosen, setChosen] = useState<number>();
  const attempt = chosen ?? Math.max(1, task.attempt);
  return <Attempt key={attempt} task={task} attempt={attempt} choose={setChosen} views={views} />;
}

interface AttemptProps {
  task: TaskInfo;
  attempt: number;
  /** `undefined` for the present one, whichever it will be. */
  choose: (attempt: number | undefined) => void;
  views: ReactNode;
}

function Attempt({ task, attempt, choose, views }: AttemptProps) {
  const [follow, setFollow] = useState(true);
  const { shown: output, stream, problem } = useTaskStream(task, attempt, beginLines);
  const said = output !== undefined && output.lines.length > 0;
  return (
    <div className="overflow-hidden rounded-lg border border-line">
      <div className="flex min-h-10 items-center gap-1 border-b border-line bg-surface py-1 pr-1 pl-3.5">
        {views}
        <p role="status" className="min-w-0 flex-1 truncate text-[0.8125rem] text-muted">
          {stream === "reconnecting" ? "Reconnecting…" : views === undefined ? "Output" : ""}
        </p>
        {task.attempt > 1 && (
          <select
            aria-label="Attempt"
            value={attempt}
            onChange={({ target }) => choose(target.value === String(task.attempt) ? undefined : Number(target.value))}
            className="h-8 rounded-lg border border-line bg-surface px-2 text-[0.8125rem] text-ink pointer-coarse:h-11 pointer-coarse:text-base"
          >
            {Array.from({ length: task.attempt }, (_, index) => (
              <option key={index} value={index + 1}>
                Attempt {index + 1}
              </option>
            ))}
          </select>
        )}
        {!isOver(task) && said && (
          <Button
            size="small"
            variant={follow ? "ghost" : "primary"}
            aria-pressed={follow}
            onClick={() => setFollow(!follow)}
          >
            <ArrowDownToLine aria-hidden />
            {follow ? "Following" : "Follow"}
          </Button>
        )}
        <DownloadButton task={task} attempt={attempt} disabled={!said} />
      </div>
      {problem !== undefined ? (
        <ProblemText problem={problem} className="bg-terminal px-3.5 py-3" />
      ) : said ? (
        <OutputView
          label={`Output of ${task.title}`}
          output={output}
          follow={follow}
          setFollow={setFollow}
          className={output.lines.length > 12 ? "h-[min(26rem,55dvh)]" : "max-h-[min(26rem,55dvh)] min-h-16"}
        />
      ) : (
        <div className="min-h-16 bg-terminal px-3.5 py-3 text-[0.8125rem] text-muted">
          {stream === "loading" ? (
            <Skeleton className="h-3.5 w-56" />
          ) : stream === "ended" ? (
            "It said nothing."
          ) : (
            "Nothing was said yet."
          )}
        </div>
      )}
    </div>
  );
}

function DownloadButton({ task, attempt, disabled }: { task: TaskInfo; attempt: number; disabled: boolean }) {
  const { fetchTaskLog } = useServices();
  const toaster = useToaster();
  const [busy, setBusy] = useState(false);
  const download = async () => {
    setBusy(true);
    try {
      const response = await fetchTaskLog(task.id, attempt, new AbortController().signal);
      saveFile(await response.blob(), `${task.id}.log`);
    } catch (error) {
      toaster.failed("The output was not downloaded", error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      size="iconSmall"
      variant="ghost"
      aria-label="Download the output"
      busy={busy}
      disabled={disabled}
      onClick={() => void download()}
    >
      {!busy && <Download aria-hidden />}
    </Button>
  );
}
