import type { TaskInput } from "@ws/rpc-contract";
import { Bot, SquareTerminal } from "lucide-react";
import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { FormDialog } from "../../components/form-dialog.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Field } from "../../components/ui/field.tsx";
import { fieldClass } from "../../components/ui/input.tsx";
import { TextArea } from "../../components/ui/text-area.tsx";
import { TextField } from "../../components/ui/text-field.tsx";
import { useAttempt } from "../../components/use-attempt.ts";
import { createAttempts } from "../../idempotency.ts";
import { useLive } from "../../live/live-context.tsx";
import { useServices } from "../../services.ts";
import { useLiveTasks } from "../../tasks/use-tasks.ts";
import { ToolFields } from "./tool-fields.tsx";
import { MakersFields, TriesField } from "./tries-field.tsx";
import { emptyTask, faultsOf, type NewTask, MOST_TRIES, toAttemptsInput, toTaskInput } from "./new-task.ts";

interface NewTaskDialogProps {
  /** Names of the workspaces that it can be in; never empty. */
  places: readonly string[];
  close: () => void;
  created: (id: string) => void;
}

/** Asks for a command, or for what a coding tool is to do, and queues it. */
export function NewTaskDialog({ places, close, created }: NewTaskDialogProps) {
  const { client } = useServices();
  const live = useLiveTasks();
  const { workspaces } = useLive();
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const [values, setValues] = useState(() => {
    const wished = wishedIn(query);
    const able = workspaces?.find(({ name, repo }) => repo !== undefined && places.includes(name))?.name;
    const first = wished.tries === undefined ? places[0] : (able ?? places[0]);
    return { ...emptyTask, workspace: first ?? "", ...wished };
  });
  const [touched, setTouched] = useState(false);
  // Pressed again after an answer that was lost, it is the same task.
  const [attempts] = useState(() => createAttempts(() => crypto.getRandomValues(new Uint32Array(4)).join("-")));
  const left = useRef(false);
  // Whoever was led elsewhere must not be led back by the dialog's end.
  const { busy, problem, attempt } = useAttempt(() => !left.current && close());
  const hasRepository = workspaces?.find(({ name }) => name === values.workspace)?.repo !== undefined;
  const several = hasRepository && values.tries > 1;
  const faults = touched ? faultsOf(values, several) : {};
  const change = (given: Partial<typeof values>) => setValues((before) => ({ ...before, ...given }));

  const submit = () => {
    setTouched(true);
    if (Object.keys(faultsOf(values, several)).length > 0) return;
    attempt(async () => {
      if (several) {
        const asked = toAttemptsInput(values);
        const { id } = await client.attempts.start({ ...asked, idempotencyKey: attempts.keyFor(asked) });
        left.current = true;
        void navigate(`/compare/${id}`);
        return undefined;
      }
      const input: TaskInput = toTaskInput(values);
      const task = await client.tasks.create({ ...input, idempotencyKey: attempts.keyFor(input) });
      live.know(task);
      created(task.id);
      return undefined;
    });
  };
  const submitByKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    submit();
  };
  return (
    <FormDialog
      title="New task"
      description="It is queued at once and goes on without you."
      action={several ? `Start ${values.tries} attempts` : "Queue task"}
      failure={several ? "They were not started" : "It was not queued"}
      {...{ submit, busy, problem, close }}
    >
      {places.length > 1 && (
        <Field label="Workspace">
          {(control) => (
            <select
              {...control}
              className={fieldClass}
              value={values.workspace}
              onChange={({ target }) => change({ workspace: target.value })}
            >
              {places.map((place) => (
                <option key={place}>{place}</option>
              ))}
            </select>
          )}
        </Field>
      )}
      <div className="flex gap-1" role="group" aria-label="Kind of task">
        <KindButton chosen={values.kind === "command"} choose={() => change({ kind: "command" })}>
          <SquareTerminal aria-hidden />
          Command
        </KindButton>
        <KindButton chosen={values.kind === "agent"} choose={() => change({ kind: "agent" })}>
          <Bot aria-hidden />
          Coding tool
        </KindButton>
      </div>
      {values.kind === "command" ? (
        <Field label="Command" hint="Run by sh, in the workspace's directory." error={faults.command}>
          {(control) => (
            <TextArea
              {...control}
              rows={3}
              className="font-mono"
              placeholder="npm test"
              autoCapitalize="none"
              autoCorrect="off"
              spellCheck={false}
              value={values.command}
              onChange={({ target }) => change({ command: target.value })}
              onKeyDown={submitByKey}
            />
          )}
        </Field>
      ) : (
        <>
          <Field
            label="Prompt"
            hint="It works in the workspace's directory until it is done, or has a question."
            error={faults.prompt}
          >
            {(control) => (
              <TextArea
                {...control}
                rows={5}
                value={values.prompt}
                onChange={({ target }) => change({ prompt: target.value })}
                onKeyDown={submitByKey}
              />
            )}
          </Field>
          {!several && (
            <ToolFields workspace={values.workspace} tool={values.tool} model={values.model} change={change} />
          )}
        </>
      )}
      <TriesField workspace={values.workspace} tries={values.tries} change={change} />
      {several && values.kind === "agent" && (
        <MakersFields workspace={values.workspace} values={values} change={change} />
      )}
      <details>
        <summary className="w-fit rounded-sm text-sm text-muted hover:text-ink pointer-coarse:py-2.5">
          {several ? "Time limit" : "Retries, time limit and priority"}
        </summary>
        <div className="mt-3 grid gap-3 sm:grid-cols-3">
          {!several && (
            <TextField
              label="Retries"
              inputMode="numeric"
              value={values.retries}
              error={faults.retries}
              change={(retries) => change({ retries })}
            />
          )}
          <TextField
            label="Minutes"
            inputMode="decimal"
            placeholder="no limit"
            value={values.minutes}
            error={faults.minutes}
            change={(minutes) => change({ minutes })}
          />
          {!several && (
            <TextField
              label="Priority"
              inputMode="numeric"
              value={values.priority}
              error={faults.priority}
              change={(priority) => change({ priority })}
            />
          )}
        </div>
      </details>
    </FormDialog>
  );
}

/** A link to several tries is one to a coding tool's. */
function wishedIn(query: URLSearchParams): Partial<NewTask> {
  const tries = Number(query.get("tries"));
  return Number.isInteger(tries) && tries > 1 && tries <= MOST_TRIES ? { tries, kind: "agent" } : {};
}

function KindButton({ chosen, choose, children }: { chosen: boolean; choose: () => void; children: ReactNode }) {
  return (
    <Button variant={chosen ? "pressed" : "ghost"} aria-pressed={chosen} onClick={choose}>
      {children}
    </Button>
  );
}
