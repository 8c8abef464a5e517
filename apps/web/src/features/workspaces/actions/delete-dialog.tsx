import { useQuery } from "@tanstack/react-query";
import type { WorkspaceInfo } from "@ws/rpc-contract";
import { useEffect, useRef, useState, type SyntheticEvent } from "react";
import { Notice } from "../../../components/notice.tsx";
import { ProblemText } from "../../../components/problem-text.tsx";
import { AlertDialog, AlertDialogCancel, AlertDialogContent } from "../../../components/ui/alert-dialog.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { DialogBody, DialogFooter } from "../../../components/ui/dialog.tsx";
import { Field } from "../../../components/ui/field.tsx";
import { Input } from "../../../components/ui/input.tsx";
import type { Problem } from "../../../problem.ts";
import { useServices } from "../../../services.ts";
import { shortRepository } from "../names.ts";
import { findLosses, mayForce, type Losses } from "./losses.ts";
import { useActions } from "./use-actions.ts";

interface DeleteDialogProps {
  workspace: WorkspaceInfo;
  close: () => void;
  onDeleted: (() => void) | undefined;
}

/** Names what is destroyed and asks for the workspace's name as the answer; forces nothing that it has not shown. */
export function DeleteDialog({ workspace, close, onDeleted }: DeleteDialogProps) {
  const { client } = useServices();
  const actions = useActions();
  const form = useRef<HTMLFormElement>(null);
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const { id, name, status } = workspace;
  const losses = useQuery({
    queryKey: ["losses", id],
    queryFn: ({ signal }) => findLosses(client, { id, name, status }, signal),
    // A look may start the workspace: one for each time that the dialog is opened.
    staleTime: Infinity,
    gcTime: 0,
  });
  const force = mayForce(losses.data, problem);

  // What was typed before is no answer to what is shown now.
  useEffect(() => {
    if (problem !== undefined) form.current?.querySelector("input")?.focus();
  }, [problem]);

  const ask = (failed: Problem): boolean => {
    if (form.current === null) return false;
    setBusy(false);
    setTyped("");
    setProblem(failed);
    return true;
  };

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (typed !== name || busy) return;
    setBusy(true);
    void actions.remove({ id, name }, { force, onFailure: ask }).then((removed) => {
      if (!removed) return;
      if (form.current !== null) close();
      onDeleted?.();
    });
  };

  return (
    <AlertDialog open onOpenChange={(open) => !open && close()}>
      <AlertDialogContent title={`Delete '${name}'?`} description="This is lost and cannot be brought back:">
        <form ref={form} className="contents" onSubmit={submit}>
          <DialogBody className="space-y-4">
            <ul className="list-disc space-y-1.5 pl-5 text-sm break-words marker:text-bad" aria-live="polite">
              <li>
                <strong className="font-semibold">Its home</strong>, with every file in it
              </li>
              {/* The worker's refusal says it better, and is newer. */}
              {problem?.code !== "unpushed_work" && <WorkLost workspace={workspace} work={losses.data?.work} />}
              <TerminalsLost running={status === "running"} losses={losses.data} />
            </ul>
            {problem !== undefined && (
              <Notice tone="bad" title="It was not deleted" urgent>
                <ProblemText problem={problem} />
              </Notice>
            )}
            <Field
              label={
                <>
                  Type <code className="rounded bg-raised px-1 py-0.5 font-mono text-[0.8125rem]">{name}</code> to
                  delete it{problem !== undefined && force && " all the same"}
                </>
              }
            >
              {(control) => <Input {...control} value={typed} onChange={(event) => setTyped(event.target.value)} />}
            </Field>
          </DialogBody>
          <DialogFooter>
            <AlertDialogCancel asChild>
              <Button>{busy ? "Close" : "Cancel"}</Button>
            </AlertDialogCancel>
            <Button type="submit" variant="danger" busy={busy} disabled={typed !== name}>
              Delete workspace
            </Button>
          </DialogFooter>
        </form>
      </AlertDialogContent>
    </AlertDialog>
  );
}

function WorkLost({ workspace, work }: { workspace: WorkspaceInfo; work: Losses["work"] | undefined }) {
  const { repo, branch, status } = workspace;
  const checkout = repo === undefined ? undefined : `The checkout of ${shortRepository(repo)}`;
  // What the worker tells of a checkout names the branch already.
  if (work?.kind === "holds") {
    return (
      <li>
        {checkout ?? "It"} holds <strong className="font-semibold">{work.holder}</strong>
      </li>
    );
  }
  if (checkout === undefined) return null;
  const where = branch === undefined ? checkout : `${checkout} on ${branch}`;
  if (work === undefined) {
    return (
      <li>
        {where}. The worker looks for work in it that lies nowhere else
        {status === "stopped" && ", and starts the workspace for that"}…
      </li>
    );
  }
  if (work.kind === "unknown") {
    return (
      <li>
        {where}. <strong className="font-semibold">Work that lies nowhere else could not be looked for:</strong>{" "}
        {work.problem.message}
      </li>
    );
  }
  if (status === "creating") return <li>{where}, as far as it is made</li>;
  return <li>{where}. The worker found no uncommitted file, unpushed commit or stash in it</li>;
}

function TerminalsLost({ running, losses }: { running: boolean; losses: Losses | undefined }) {
  if (!running || losses?.terminals === 0) return null;
  const count = losses?.terminals;
  return (
    <li>
      {count === undefined ? "Its terminals" : `${count} ${count === 1 ? "terminal" : "terminals"}`}, with every program
      that runs in them
    </li>
  );
}
