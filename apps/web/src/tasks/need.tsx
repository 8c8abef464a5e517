import type { TaskInfo } from "@ws/rpc-contract";
import { CornerDownLeft, Play, ShieldCheck } from "lucide-react";
import { useId, useState, type ReactNode } from "react";
import { useKept } from "../components/kept-context.tsx";
import { ProblemText } from "../components/problem-text.tsx";
import { Button } from "../components/ui/button.tsx";
import { cn } from "../components/ui/cn.ts";
import { TextArea } from "../components/ui/text-area.tsx";
import { useNow } from "../components/use-now.ts";
import { visible } from "../components/visible.ts";
import { quickAnswers } from "../../service-worker/quick-answers.ts";
import { clock, moment } from "./queue.ts";
import { useTaskActions } from "./use-task-actions.ts";

interface NeedProps {
  task: TaskInfo;
  className: string;
}

/** What a task waits for somebody to do, and the means to do it; nothing where it waits for nobody. */
export function Need({ task, className }: NeedProps): ReactNode {
  switch (task.status) {
    case "waiting_input":
      return <Question task={task} className={className} />;
    case "auth_failed":
      return <SignInNeeded task={task} className={className} />;
    case "limited":
      return <Limit task={task} className={className} />;
    default:
      return null;
  }
}

function Question({ task, className }: NeedProps) {
  const { busy, resume } = useTaskActions(task);
  // Whoever presses answers what stands here: should the task ask something else by then, nothing is done.
  const { question, permissions, attempt } = task;
  const [chosen, setChosen] = useState<string>();
  // Of the words that were begun: they answer what stood here then.
  const [asked, setAsked] = useKept<number>(`answered ${task.id}`);
  const waits = busy === "resume";
  return (
    <div className={className}>
      <p className="text-sm font-medium [overflow-wrap:anywhere] whitespace-pre-wrap">
        {question === undefined ? "It waits for an answer." : question.text.split("\n").map(visible).join("\n")}
      </p>
      <div className="mt-3 flex flex-wrap gap-2 empty:hidden">
        {(question === undefined ? [] : quickAnswers(question, permissions)).map(({ label, ...how }) => (
          <Button
            key={label}
            size="small"
            busy={waits && chosen === label}
            disabled={waits}
            className="max-w-full pointer-coarse:h-12"
            onClick={() => {
              setChosen(label);
              void resume({ ...how, attempt });
            }}
          >
            {"permissions" in how && !(waits && chosen === label) && <ShieldCheck aria-hidden />}
            <span className="truncate">
              {"permissions" in how ? "Allow all that its workspace lets it do" : visible(label)}
            </span>
          </Button>
        ))}
      </div>
      <Answer
        place={`answer ${task.id}`}
        label={question?.options === undefined ? "Your answer" : "Or in your own words"}
        action="Answer"
        busy={waits}
        begun={() => setAsked(attempt)}
        send={async (prompt) => {
          const answered = await resume({ prompt, attempt: asked ?? attempt });
          // Sent once more, what was refused answers what stands here by now.
          setAsked(undefined);
          return answered;
        }}
        className="mt-3"
      />
    </div>
  );
}

function SignInNeeded({ task, className }: NeedProps) {
  const { busy, resume } = useTaskActions(task);
  return (
    <div className={className}>
      {task.error === undefined ? (
        <p className="text-sm">{task.tool ?? "Its tool"} is not signed in.</p>
      ) : (
        <ProblemText problem={task.error} />
      )}
      <Button size="small" className="mt-3" busy={busy === "resume"} onClick={() => void resume({})}>
        {busy !== "resume" && <Play aria-hidden />}
        Go on now
      </Button>
    </div>
  );
}

function Limit({ task, className }: NeedProps) {
  const { busy, resume } = useTaskActions(task);
  const now = useNow(true);
  const until = task.notBefore === undefined ? now : Date.parse(task.notBefore);
  return (
    <div className={cn("flex flex-wrap items-center justify-between gap-3", className)}>
      <p className="text-sm tabular-nums">
        The usage limit of {task.tool ?? "its tool"} is reached. It goes on by itself{" "}
        <time dateTime={task.notBefore} title={clock(until, now)}>
          {moment(until, now)}
        </time>
        .
      </p>
      <Button size="small" busy={busy === "resume"} onClick={() => void resume({})}>
        {busy !== "resume" && <Play aria-hidden />}
        Try now
      </Button>
    </div>
  );
}

interface AnswerProps {
  /** Under which what is typed is kept, should the row close meanwhile. */
  place: string;
  label: string;
  action: string;
  busy: boolean;
  /** The first letter is typed. */
  begun?: () => void;
  send: (text: string) => Promise<TaskInfo | undefined>;
  className?: string;
}

const isText = (answer: string): boolean => answer.trim() !== "";

/** A line, or more, for a coding tool. Enter sends it; Shift and Enter begins a new line. */
export function Answer({ place, label, action, busy, begun, send, className }: AnswerProps) {
  const [kept = "", keep] = useKept<string>(place, isText);
  const id = useId();
  const submit = async () => {
    if (busy || kept.trim() === "") return;
    if ((await send(kept.trim())) !== undefined) keep(undefined);
  };
  return (
    <form
      className={className}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <label htmlFor={id} className="text-[0.8125rem] text-muted">
        {label}
      </label>
      <div className="mt-1 flex items-end gap-2">
        <TextArea
          id={id}
          rows={Math.min(6, kept.split("\n").length)}
          className="min-h-9 flex-1 resize-none pointer-coarse:min-h-11"
          value={kept}
          onChange={({ target }) => {
            if (kept === "") begun?.();
            keep(target.value === "" ? undefined : target.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            void submit();
          }}
        />
        <Button type="submit" variant="primary" busy={busy} disabled={kept.trim() === ""}>
          {!busy && <CornerDownLeft aria-hidden />}
          {action}
        </Button>
      </div>
    </form>
  );
}
