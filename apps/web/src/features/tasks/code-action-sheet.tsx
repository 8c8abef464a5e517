import type { TaskAction, TaskInfo, TaskInput } from "@ws/rpc-contract";
import { Play } from "lucide-react";
import { useState, type KeyboardEvent } from "react";
import { Link } from "react-router";
import type { CodeAsk } from "../../components/code-actions-context.ts";
import { CODE_ACTIONS } from "../../components/code-actions.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button } from "../../components/ui/button.tsx";
import { cn } from "../../components/ui/cn.ts";
import { Field } from "../../components/ui/field.tsx";
import { Sheet } from "../../components/ui/sheet.tsx";
import { TextArea } from "../../components/ui/text-area.tsx";
import { useAttempt } from "../../components/use-attempt.ts";
import { useNow } from "../../components/use-now.ts";
import { visible } from "../../components/visible.ts";
import { createAttempts } from "../../idempotency.ts";
import { useServices } from "../../services.ts";
import { useLiveTasks, useTask, useTasks } from "../../tasks/use-tasks.ts";
import { StatusIcon, toneText } from "../../tasks/status-icon.tsx";
import { statusOf } from "../../tasks/status.ts";
import { waitingOf } from "../../tasks/queue.ts";
import { TaskDetails } from "./task-details.tsx";
import { WaitingLine } from "./task-row.tsx";
import { ToolFields } from "./tool-fields.tsx";

interface CodeActionSheetProps {
  workspace: string;
  ask: CodeAsk;
  close: () => void;
}

/** Asks a coding tool for something about a file, a selection or changes, and shows what it does beside them. */
export default function CodeActionSheet({ workspace, ask, close }: CodeActionSheetProps) {
  const [task, setTask] = useState<TaskInfo>();
  const live = useLiveTasks();
  const show = (id: string) => setTask(live.state().tasks?.get(id));
  return (
    <Sheet title="Ask a coding tool" description={visible(ask.about)} close={close}>
      {task === undefined ? (
        <AskForm workspace={workspace} ask={ask} started={setTask} />
      ) : (
        <Progress key={task.id} known={task} show={show} />
      )}
    </Sheet>
  );
}

function AskForm({
  workspace,
  ask,
  started,
}: Omit<CodeActionSheetProps, "close"> & { started: (task: TaskInfo) => void }) {
  const { client } = useServices();
  const live = useLiveTasks();
  const [action, setAction] = useState<TaskAction>(ask.action ?? "explain");
  const [instructions, setInstructions] = useState("");
  const [tool, setTool] = useState({ tool: "", model: "" });
  const [attempts] = useState(() => createAttempts(() => crypto.getRandomValues(new Uint32Array(4)).join("-")));
  const { busy, problem, attempt } = useAttempt(() => {});
  const start = () =>
    attempt(async () => {
      const wanted = instructions.trim();
      const input: TaskInput = {
        name: workspace,
        spec: {
          kind: "action",
          action,
          context: { ...ask.context, ...(wanted === "" ? {} : { instructions: wanted }) },
          ...(tool.tool === "" ? {} : { tool: tool.tool }),
          ...(tool.model.trim() === "" ? {} : { model: tool.model.trim() }),
        },
      };
      const task = await client.tasks.create({ ...input, idempotencyKey: attempts.keyFor(input) });
      live.know(task);
      started(task);
      return undefined;
    });
  const startByKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    start();
  };
  return (
    <form
      className="flex min-h-0 flex-1 flex-col"
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <div className="min-h-0 flex-1 space-y-4 overflow-y-auto p-5">
        <div className="grid grid-cols-2 gap-2" role="group" aria-label="What it is to do">
          {Object.entries(CODE_ACTIONS).map(([name, { label, Icon }]) => (
            <Button
              key={name}
              variant={name === action ? "pressed" : "secondary"}
              aria-pressed={name === action}
              className="justify-start"
              onClick={() => setAction(name as TaskAction)}
            >
              <Icon aria-hidden />
              {label}
            </Button>
          ))}
        </div>
        <Field
          label="Anything to add?"
          hint={
            action === "explain" || action === "review"
              ? "It reads, and changes nothing."
              : "What it changes is among the changes in Git afterwards."
          }
        >
          {(control) => (
            <TextArea
              {...control}
              rows={4}
              value={instructions}
              onChange={({ target }) => setInstructions(target.value)}
              onKeyDown={startByKey}
            />
          )}
        </Field>
        <ToolFields
          workspace={workspace}
          {...tool}
          change={(given) => setTool((before) => ({ ...before, ...given }))}
        />
        {problem !== undefined && (
          <Notice tone="bad" title="It was not asked" urgent>
            <ProblemText problem={problem} />
          </Notice>
        )}
      </div>
      <div className="flex justify-end border-t border-line px-5 py-4 pb-[max(1rem,env(safe-area-inset-bottom))] short:py-2">
        <Button type="submit" variant="primary" busy={busy} data-first-focus>
          {!busy && <Play aria-hidden />}
          {CODE_ACTIONS[action].label}
        </Button>
      </div>
    </form>
  );
}

function Progress({ known, show }: { known: TaskInfo; show: (id: string) => void }) {
  const task = useTask(known);
  const { tasks } = useTasks();
  const now = useNow(false);
  const waiting = waitingOf(tasks?.values() ?? [], now).get(task.id);
  const { tone, label } = statusOf(task);
  return (
    <div className="min-h-0 flex-1 space-y-3 overflow-y-auto p-5">
      <p role="status" className={cn("flex items-center gap-2 text-sm font-medium", toneText[tone])}>
        <StatusIcon task={task} />
        {label}
      </p>
      {waiting !== undefined && (
        <p className="text-[0.8125rem] text-muted">
          <WaitingLine waiting={waiting} />
        </p>
      )}
      <TaskDetails task={task} waiting={waiting} showsWorkspace={false} open={show} />
      <p className="text-[0.8125rem] text-muted">
        It goes on when this is closed.{" "}
        <Link
          to={`/w/${task.workspace}/tasks?task=${task.id}`}
          className="font-medium text-accent underline-offset-2 hover:underline"
        >
          Show it among the tasks
        </Link>
      </p>
    </div>
  );
}
