import { useQuery } from "@tanstack/react-query";
import type { WorkspaceInfo } from "@ws/rpc-contract";
import { useState, type SyntheticEvent } from "react";
import { AlertDialog, AlertDialogCancel, AlertDialogContent } from "../../../components/ui/alert-dialog.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { DialogBody, DialogFooter } from "../../../components/ui/dialog.tsx";
import { Field } from "../../../components/ui/field.tsx";
import { Input } from "../../../components/ui/input.tsx";
import { useServices } from "../../../services.ts";
import { shortRepository } from "../names.ts";
import { findLosses, type Losses } from "./losses.ts";
import { useActions } from "./use-actions.ts";

interface DeleteDialogProps {
  workspace: WorkspaceInfo;
  close: () => void;
  onDeleted: (() => void) | undefined;
}

/** Names what is destroyed and asks for the workspace's name as the answer. */
export function DeleteDialog({ workspace, close, onDeleted }: DeleteDialogProps) {
  const { client } = useServices();
  const actions = useActions();
  const [typed, setTyped] = useState("");
  const { name, status, repo } = workspace;
  const losses = useQuery({
    queryKey: ["losses", workspace.id],
    queryFn: ({ signal }) => findLosses(client, { name, status, repo }, signal),
    staleTime: 0,
    gcTime: 0,
  });

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (typed !== name) return;
    void actions.remove(name).then((removed) => removed && onDeleted?.());
    close();
  };

  return (
    <AlertDialog open onOpenChange={(open) => !open && close()}>
      <AlertDialogContent title={`Delete '${name}'?`} description="This is lost and cannot be brought back:">
        <form className="contents" onSubmit={submit}>
          <DialogBody className="space-y-4">
            <ul className="list-disc space-y-1.5 pl-5 text-sm marker:text-bad" aria-live="polite">
              <li>
                <strong className="font-semibold">Its home</strong>, with every file in it
              </li>
              {repo !== undefined && <WorkLost repo={repo} workspace={workspace} losses={losses.data} />}
              <TerminalsLost running={status === "running"} losses={losses.data} />
            </ul>
            <Field
              label={
                <>
                  Type <code className="rounded bg-raised px-1 py-0.5 font-mono text-[0.8125rem]">{name}</code> to
                  delete it
                </>
              }
            >
              {(control) => <Input {...control} value={typed} onChange={(event) => setTyped(event.target.value)} />}
            </Field>
          </DialogBody>
          <DialogFooter>
            <AlertDialogCancel asChild>
              <Button>Cancel</Button>
            </AlertDialogCancel>
            <Button type="submit" variant="danger" disabled={typed !== name}>
              Delete workspace
            </Button>
          </DialogFooter>
        </form>
      </AlertDialogContent>
    </AlertDialog>
  );
}

function WorkLost({ repo, workspace, losses }: { repo: string; workspace: WorkspaceInfo; losses: Losses | undefined }) {
  const where = `${shortRepository(repo)}${workspace.branch === undefined ? "" : ` on ${workspace.branch}`}`;
  if (losses === undefined) return <li>Uncommitted and unpushed work in {where} (looking…)</li>;
  const { work } = losses;
  if (work === undefined) {
    return (
      <li>
        <strong className="font-semibold">Any uncommitted and unpushed work</strong> in {where}.{" "}
        {workspace.status === "running"
          ? "It could not be looked for."
          : "To have it looked for, start the workspace first."}
      </li>
    );
  }
  if (work.uncommitted.length === 0 && work.unpushed.length === 0) {
    return <li>The checkout of {where}; all its work is committed and pushed</li>;
  }
  return (
    <>
      {work.uncommitted.length > 0 && (
        <li>
          <strong className="font-semibold">{counted(work.uncommitted, "uncommitted file")}</strong> in {where}
          <Sample lines={work.uncommitted} />
        </li>
      )}
      {work.unpushed.length > 0 && (
        <li>
          <strong className="font-semibold">{counted(work.unpushed, "unpushed commit")}</strong> in {where}
          <Sample lines={work.unpushed} />
        </li>
      )}
    </>
  );
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

function Sample({ lines }: { lines: readonly string[] }) {
  const shown = lines.slice(0, 4);
  return (
    <ul className="mt-1 font-mono text-xs text-muted">
      {shown.map((line) => (
        <li key={line} className="truncate">
          {line}
        </li>
      ))}
      {lines.length > shown.length && <li>and {lines.length - shown.length} more</li>}
    </ul>
  );
}

/** `LOOK` lists at most 200 lines of each. */
function counted(lines: readonly string[], noun: string): string {
  if (lines.length >= 200) return `200 or more ${noun}s`;
  return `${lines.length} ${noun}${lines.length === 1 ? "" : "s"}`;
}
