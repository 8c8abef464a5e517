import type { TaskInfo } from "@ws/rpc-contract";
import { CircleStop, RotateCcw } from "lucide-react";
import { useState } from "react";
import { Notice } from "../../components/notice.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button } from "../../components/ui/button.tsx";
import { useVerbs } from "../../components/verbs/verbs-context.tsx";
import { visible } from "../../components/visible.ts";
import { isOver } from "../../tasks/live-tasks.ts";
import { Answer, Need } from "../../tasks/need.tsx";
import { waitingText, type Waiting } from "../../tasks/queue.ts";
import { useTaskActions } from "../../tasks/use-task-actions.ts";
import { Conversation } from "./conversation/conversation.tsx";
import { TaskFacts } from "./task-facts.tsx";
import { TaskOutput } from "./task-output.tsx";

interface TaskDetailsProps {
  task: TaskInfo;
  waiting: Waiting | undefined;
  showsWorkspace: boolean;
  /** Shows another one: what came of this one. */
  open: (id: string) => void;
}

/** All of one task: what was asked for, what became of it, what it says, and what can be done. */
export function TaskDetails({ task, waiting, showsWorkspace, open }: TaskDetailsProps) {
  const { prompt, title, error, status } = task;
  const begun = task.attempt > 0;
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <TaskFacts task={task} showsWorkspace={showsWorkspace} />
        <TaskButtons task={task} open={open} />
      </div>
      {prompt !== title && task.kind !== "agent" && (
        <pre
          // Focusable, so that the keyboard can scroll it.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          aria-label="What is run"
          role="region"
          className="max-h-24 overflow-y-auto rounded-lg border border-line bg-surface px-3.5 py-2.5 font-mono text-xs leading-5 whitespace-pre-wrap [overflow-wrap:anywhere]"
        >
          {prompt.split("\n").map(visible).join("\n")}
        </pre>
      )}
      {waiting?.why === "held" && (
        <Notice tone="warn" title={waitingText(waiting, 0)}>
          {waiting.next !== undefined && <p className="text-muted">{waiting.next}</p>}
        </Notice>
      )}
      {/* An exit code alone stands among the facts. */}
      {error !== undefined && error.code !== "command_failed" && status !== "auth_failed" && (
        <Notice
          tone={status === "failed" ? "bad" : "warn"}
          title={isOver(task) ? "Why it ended" : "Its last attempt failed"}
        >
          <ProblemText problem={error} />
        </Notice>
      )}
      <Need task={task} className="rounded-lg border border-warn/45 bg-surface p-3.5" />
      {begun && (task.kind === "agent" ? <Talk key={task.id} task={task} /> : <TaskOutput key={task.id} task={task} />)}
      {isOver(task) && task.session !== undefined && task.workspace !== "" && <FollowUp task={task} open={open} />}
    </div>
  );
}

/** What a coding tool did: as a conversation, or byte for byte. */
function Talk({ task }: { task: TaskInfo }) {
  const [raw, setRaw] = useState(false);
  const views = (
    <div className="flex gap-1" role="group" aria-label="How it is shown">
      <Button size="small" variant={raw ? "ghost" : "pressed"} aria-pressed={!raw} onClick={() => setRaw(false)}>
        Conversation
      </Button>
      <Button size="small" variant={raw ? "pressed" : "ghost"} aria-pressed={raw} onClick={() => setRaw(true)}>
        Output
      </Button>
    </div>
  );
  return raw ? <TaskOutput task={task} views={views} /> : <Conversation task={task} views={views} />;
}

/** Goes on in the conversation of a coding tool, as a task of its own. */
function FollowUp({ task, open }: { task: TaskInfo; open: (id: string) => void }) {
  const { busy, resume } = useTaskActions(task);
  const send = async (prompt: string) => {
    const next = await resume({ prompt });
    if (next !== undefined) open(next.id);
    return next;
  };
  return (
    <Answer
      place={`follow-up ${task.id}`}
      label="Go on in this conversation"
      action="Send"
      busy={busy === "resume"}
      send={send}
    />
  );
}

function TaskButtons({ task, open }: { task: TaskInfo; open: (id: string) => void }) {
  const { busy, cancel, retry } = useTaskActions(task);
  const again = () => void retry().then((next) => next !== undefined && open(next.id));
  const hasNoPlace = task.workspace === "" && task.reference === undefined;
  useVerbs(() => {
    const given = { group: "Task", detail: visible(task.title) };
    if (isOver(task)) {
      return hasNoPlace || busy !== undefined
        ? []
        : [
            {
              ...given,
              id: "task.retry",
              label: "Run the task again",
              words: "retry try",
              icon: RotateCcw,
              run: again,
            },
          ];
    }
    if (busy !== undefined || task.cancelling === true) return [];
    return [
      {
        ...given,
        id: "task.cancel",
        label: "Cancel the task",
        words: "stop end",
        icon: CircleStop,
        run: () => void cancel(),
      },
    ];
  });
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2">
      {isOver(task) ? (
        <Button size="small" busy={busy === "retry"} disabled={hasNoPlace} onClick={again}>
          {busy !== "retry" && <RotateCcw aria-hidden />}
          {task.status === "completed" ? "Run again" : "Try again"}
        </Button>
      ) : (
        <Button size="small" busy={busy === "cancel" || task.cancelling === true} onClick={() => void cancel()}>
          {busy !== "cancel" && task.cancelling !== true && <CircleStop aria-hidden />}
          {task.cancelling === true ? "Ending…" : "Cancel"}
        </Button>
      )}
    </div>
  );
}
