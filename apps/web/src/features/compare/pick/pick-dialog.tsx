import type { ComparisonInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { useId, useState } from "react";
import { Notice } from "../../../components/notice.tsx";
import { ProblemText } from "../../../components/problem-text.tsx";
import { localProject } from "../../../components/local-project.ts";
import { reveal } from "../../../components/reveal.ts";
import { Button } from "../../../components/ui/button.tsx";
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from "../../../components/ui/dialog.tsx";
import { Field } from "../../../components/ui/field.tsx";
import { TextArea } from "../../../components/ui/text-area.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { visible } from "../../../components/visible.ts";
import { toProblem, type Problem } from "../../../problem.ts";
import { useServices } from "../../../services.ts";
import { othersOf, type Attempt } from "../attempt.ts";
import { useChanges } from "../use-changes.ts";
import { uncommittedIn } from "./fates.ts";
import { OthersFates } from "./others-fates.tsx";
import { PickOutcome } from "./pick-outcome.tsx";
import { useLooks } from "./use-looks.ts";
import { faultsOf, headline, placeOf, toPickInput, type PickValues } from "./pick-form.ts";

interface PickDialogProps {
  comparison: ComparisonInfo;
  attempts: readonly Attempt[];
  picked: Attempt;
  close: () => void;
}

type Picked = Awaited<ReturnType<AgentClient["attempts"]["pick"]>>;

const STEPS: Readonly<Record<string, string>> = {
  commit: "Committing…",
  push: "Pushing…",
  pull_request: "Asking the forge…",
};

/** Makes one attempt a pull request and says before what becomes of the others. What fails can be tried again: what was done stays done. */
export function PickDialog({ comparison, attempts, picked, close }: PickDialogProps) {
  const { client } = useServices();
  const { id, title, repo } = comparison;
  const { name, workspace, pullRequest } = picked;
  const project = localProject(repo);
  const form = useId();
  const [values, setValues] = useState<PickValues>(() => ({
    message: headline(title),
    opens: project === undefined,
    title: pullRequest?.state === "open" ? pullRequest.title : headline(title),
    body: "",
    draft: pullRequest?.draft ?? false,
    discard: false,
  }));
  const [touched, setTouched] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [done, setDone] = useState<Picked>();
  const [own] = useChanges([picked]);
  // Of a stopped one nobody knows; it is started for this.
  const commits = own?.status === undefined || own.status.total > 0;
  const change = (given: Partial<PickValues>) => setValues((before) => ({ ...before, ...given }));
  const others = othersOf(attempts, picked);
  const looks = useLooks(others);
  // Nobody agrees to lose what they were not shown.
  const isUnseen = values.discard && looks.includes(undefined);
  const place = problem === undefined ? undefined : placeOf(problem);
  const faults = {
    ...(problem === undefined || place === undefined ? {} : { [place]: sentenceOf(problem) }),
    ...(touched ? faultsOf(values, commits) : {}),
  };
  const submit = async () => {
    setTouched(true);
    if (busy || isUnseen || Object.keys(faultsOf(values, commits)).length > 0) return;
    setBusy(true);
    setProblem(undefined);
    try {
      setDone(await client.attempts.pick(toPickInput(values, { id, name, commits })));
    } catch (error) {
      setProblem(toProblem(error));
    } finally {
      setBusy(false);
    }
  };
  if (done !== undefined) return <PickOutcome attempt={picked} picked={done} repo={repo} close={close} />;
  return (
    <Dialog open onOpenChange={(open) => !open && close()}>
      <DialogContent
        width="wide"
        title={
          <>
            Pick <span className="font-mono">{name}</span>
          </>
        }
        description={
          project === undefined
            ? "Its work is pushed and becomes a pull request; only then the others are removed."
            : "Its branch is pushed; only then the others are removed."
        }
      >
        <form
          id={form}
          noValidate
          className="contents"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <DialogBody className="space-y-4">
            {commits && (
              <TextField
                label="Commit message"
                hint={<Uncommitted attempt={picked} names={uncommittedIn(own?.status)} total={own?.status?.total} />}
                error={faults.message}
                spellCheck
                value={values.message}
                change={(message) => change({ message })}
              />
            )}
            {project === undefined ? (
              <>
                <Choice checked={values.opens} change={(opens) => change({ opens })}>
                  {pullRequest?.state === "open"
                    ? `Bring pull request #${pullRequest.number} up to date`
                    : "Open a pull request"}
                </Choice>
                {values.opens && (
                  <>
                    <TextField
                      label="Title"
                      error={faults.title}
                      spellCheck
                      value={values.title}
                      change={(text) => change({ title: text })}
                    />
                    <Field label="Description">
                      {(control) => (
                        <TextArea
                          {...control}
                          rows={3}
                          value={values.body}
                          onChange={({ target }) => change({ body: target.value })}
                        />
                      )}
                    </Field>
                    <Choice checked={values.draft} change={(draft) => change({ draft })}>
                      As a draft
                    </Choice>
                  </>
                )}
                {!values.opens && faults.title !== undefined && <p className="text-sm text-bad">{faults.title}</p>}
              </>
            ) : (
              <p className="text-sm text-muted">
                This repository lies on the worker and has no forge: the branch is pushed, and handed in as a change of{" "}
                <span className="font-mono">{visible(project)}</span>.
              </p>
            )}
            {others.length > 0 && (
              <OthersFates
                others={others}
                looks={looks}
                discard={values.discard}
                choose={(discard) => change({ discard })}
              />
            )}
            {problem !== undefined && (
              <div ref={reveal}>
                <Notice tone="bad" title="It was not picked to the end" urgent>
                  <ProblemText problem={problem} />
                  <p className="mt-1 text-sm text-muted">
                    {isUnanswered(problem)
                      ? "The worker may go on with it: look again in a moment. "
                      : "None of the others was removed. "}
                    Trying again goes on from what is done already.
                  </p>
                </Notice>
              </div>
            )}
          </DialogBody>
          <DialogFooter>
            <p role="status" className="mr-auto text-sm text-muted">
              {busy ? (STEPS[workspace?.operationStep ?? ""] ?? "Beginning…") : ""}
            </p>
            <DialogClose asChild>
              <Button>{busy ? "Close" : "Cancel"}</Button>
            </DialogClose>
            <Button
              type="submit"
              form={form}
              variant={values.discard ? "danger" : "primary"}
              busy={busy}
              disabled={isUnseen}
            >
              {problem === undefined ? actionOf(values, pullRequest?.state === "open") : "Try again"}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}

function actionOf({ opens, discard }: PickValues, isOpen: boolean): string {
  const kept = !opens ? "Push" : isOpen ? "Update pull request" : "Open pull request";
  return discard ? `${kept}, discard the others` : kept;
}

/** An answer that was lost on its way says nothing of what was done. */
function isUnanswered({ code }: Problem): boolean {
  return ["unreachable", "bad_gateway", "gateway_timeout", "service_unavailable"].includes(code);
}

function sentenceOf({ message, next }: Problem): string {
  return next === undefined ? message : `${message} ${next}`;
}

interface UncommittedProps {
  attempt: Attempt;
  names: readonly string[];
  total: number | undefined;
}

function Uncommitted({ attempt: { status }, names, total }: UncommittedProps) {
  if (total === undefined) {
    return status === "stopped" ? "It is started for this; what is not committed there is committed with it." : null;
  }
  return (
    <>
      {total === 1 ? "One file is" : `${total.toLocaleString("en")} files are`} not committed:{" "}
      <span className="font-mono break-all">{names.map(visible).join(", ")}</span>
    </>
  );
}

interface ChoiceProps {
  checked: boolean;
  change: (checked: boolean) => void;
  children: React.ReactNode;
}

function Choice({ checked, change, children }: ChoiceProps) {
  return (
    <label className="flex items-center gap-2.5 text-sm pointer-coarse:py-1.5">
      <input
        type="checkbox"
        className="size-4 accent-accent"
        checked={checked}
        onChange={(event) => change(event.target.checked)}
      />
      {children}
    </label>
  );
}
