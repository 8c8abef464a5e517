import type { TaskInfo } from "@ws/rpc-contract";
import { Brain, ChevronRight, CircleAlert, Info, Wrench } from "lucide-react";
import { useState, type ReactNode } from "react";
import { bytes } from "../../../components/amounts.ts";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { LogFrame } from "../../../components/log-frame.tsx";
import { ProblemText } from "../../../components/problem-text.tsx";
import { cn } from "../../../components/ui/cn.ts";
import { withNumbers } from "../../../components/with-numbers.tsx";
import { isOver } from "../../../tasks/live-tasks.ts";
import { useTaskStream, type Reading } from "../use-task-stream.ts";
import { createTalk, type TalkItem } from "./talk.ts";

interface Shown {
  items: readonly TalkItem[];
  dropped: boolean;
}

function beginTalk(): Reading<Shown> {
  const talk = createTalk();
  return { add: talk.add, shown: () => ({ items: talk.items(), dropped: talk.dropped() }) };
}

/** A task of a coding tool as a conversation: what it was told, what it says and does, as it does it. */
export function Conversation({ task, views }: { task: TaskInfo; views: ReactNode }) {
  const { shown, stream, problem } = useTaskStream(task, 1, beginTalk);
  const [follow, setFollow] = useState(true);
  const { items = [], dropped = false } = shown ?? {};
  const works = task.status === "running";
  return (
    <div className="overflow-hidden rounded-lg border border-line">
      <div className="flex min-h-10 items-center gap-1 border-b border-line bg-surface py-1 pr-3 pl-1.5">
        {views}
        <p role="status" className="min-w-0 flex-1 truncate text-right text-[0.8125rem] text-muted">
          {stream === "reconnecting" ? "Reconnecting…" : works ? "Working…" : ""}
        </p>
      </div>
      <LogFrame
        label={`Conversation of ${task.title}`}
        follow={follow}
        setFollow={setFollow}
        className="max-h-[min(34rem,62dvh)] space-y-3 overflow-y-auto px-3.5 py-3 text-sm"
      >
        <p className="ml-auto w-fit max-w-[85%] rounded-xl rounded-br-sm bg-accent-soft px-3 py-2 whitespace-pre-wrap text-ink [overflow-wrap:anywhere]">
          {withNumbers(task.prompt)}
        </p>
        {dropped && <p className="text-center text-xs text-muted">What came before is in its output.</p>}
        {items.map((item, at) => (
          // What is there stays where it is; only the last ones may go on.
          // oxlint-disable-next-line react/no-array-index-key
          <Item key={at} item={item} />
        ))}
        {problem !== undefined && <ProblemText problem={problem} />}
        {items.length === 0 && problem === undefined && !isOver(task) && (
          <LoadingLines label="Waiting for its first words…" widths={["w-56", "w-40"]} />
        )}
        {items.length === 0 && problem === undefined && isOver(task) && stream === "ended" && (
          <p className="text-muted">It said nothing.</p>
        )}
      </LogFrame>
    </div>
  );
}

const textClass = "whitespace-pre-wrap [overflow-wrap:anywhere]";

function Item({ item }: { item: TalkItem }): ReactNode {
  switch (item.kind) {
    case "text":
      return <p className={textClass}>{withNumbers(item.text)}</p>;
    case "thought":
      return (
        <details className="group text-muted">
          <Summary icon={<Brain className="size-4" aria-hidden />}>Thought</Summary>
          <p className={cn("mt-1.5 border-l-2 border-line pl-3 text-[0.8125rem]", textClass)}>
            {withNumbers(item.text)}
          </p>
        </details>
      );
    case "note":
    case "error":
      return (
        <p className={cn("flex gap-2 text-[0.8125rem]", item.kind === "error" ? "text-bad" : "text-muted")}>
          {item.kind === "error" ? (
            <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
          ) : (
            <Info className="mt-0.5 size-4 shrink-0" aria-hidden />
          )}
          <span className={textClass}>{withNumbers(item.text)}</span>
        </p>
      );
    case "plain":
      return <pre className={cn("font-mono text-xs text-muted", textClass)}>{withNumbers(item.text)}</pre>;
    case "tool":
      return <ToolUse item={item} />;
    case "attempt":
      return <Divider>Went on</Divider>;
    case "gap":
      return <Divider>{bytes(item.bytes)} were not kept</Divider>;
  }
}

function ToolUse({ item }: { item: Extract<TalkItem, { kind: "tool" }> }) {
  const { name, detail, output, failed = false } = item;
  const line = (
    <>
      <span className={cn("shrink-0 font-medium", failed ? "text-bad" : "text-ink")}>{withNumbers(name)}</span>
      <span className="min-w-0 truncate font-mono text-xs">{withNumbers(detail.split("\n")[0] ?? "")}</span>
      {failed && <span className="shrink-0 text-xs text-bad">failed</span>}
    </>
  );
  if (output === undefined && !detail.includes("\n")) {
    return (
      <p className="flex items-center gap-2 text-[0.8125rem] text-muted">
        <Wrench className="size-4 shrink-0" aria-hidden />
        {line}
      </p>
    );
  }
  return (
    <details className="group text-[0.8125rem] text-muted">
      <Summary icon={<Wrench className="size-4 shrink-0" aria-hidden />}>{line}</Summary>
      <pre className={cn("mt-1.5 rounded-md bg-raised px-3 py-2 font-mono text-xs text-ink", textClass)}>
        {withNumbers(detail.includes("\n") ? `${detail}\n${output ?? ""}` : (output ?? ""))}
      </pre>
    </details>
  );
}

function Summary({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <summary className="flex w-fit max-w-full list-none items-center gap-2 rounded-sm text-[0.8125rem] hover:text-ink pointer-coarse:min-h-10 [&::-webkit-details-marker]:hidden">
      {icon}
      {children}
      <ChevronRight className="size-3.5 shrink-0 transition-transform group-open:rotate-90" aria-hidden />
    </summary>
  );
}

function Divider({ children }: { children: ReactNode }) {
  return (
    <p className="flex items-center gap-3 text-xs text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      {children}
    </p>
  );
}
