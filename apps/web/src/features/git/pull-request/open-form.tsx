import { useQuery } from "@tanstack/react-query";
import type { WorkspaceInfo } from "@ws/rpc-contract";
import { useState, type SyntheticEvent } from "react";
import { Notice } from "../../../components/notice.tsx";
import { useKept } from "../../../components/kept-context.tsx";
import { ProblemText } from "../../../components/problem-text.tsx";
import { reveal } from "../../../components/reveal.ts";
import { Button } from "../../../components/ui/button.tsx";
import { Field } from "../../../components/ui/field.tsx";
import { TextArea } from "../../../components/ui/text-area.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useServices } from "../../../services.ts";
import { useGitPanel } from "../use-git.ts";
import { requestOf, type OpenFormValues } from "./request.ts";
import { useFinalize } from "./use-finalize.ts";

const steps: Record<string, string> = { commit: "Committing…", push: "Pushing…", pull_request: "Asking the forge…" };

const hasText = ({ title, body }: OpenFormValues): boolean => `${title ?? ""}${body}`.trim() !== "";

/** Commits where that is wanted, pushes the branch and opens its pull request. */
export function OpenForm({ workspace, onOpened }: { workspace: WorkspaceInfo; onOpened: () => void }) {
  const { queries } = useServices();
  const { name, status } = useGitPanel();
  const { finalize, problem, busy } = useFinalize(workspace);
  const last = useQuery(queries.git.log.queryOptions({ input: { name, limit: 1 } }));
  const { baseBranch, branch, operationStep } = workspace;
  const [begun, setBegun] = useKept<OpenFormValues>(`pull request of ${workspace.id}`, hasText);
  const values = begun ?? { body: "", base: baseBranch ?? "", draft: false, work: "leave" };
  const [wrong, setWrong] = useState<string>();
  const set = (change: Partial<OpenFormValues>) => setBegun({ ...values, ...change });
  // The only thing that is known of what was done, until a person says more.
  const title = values.title ?? last.data?.commits[0]?.subject ?? "";
  const dirty = status.files.length > 0;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (busy) return;
    const given = title.trim();
    setWrong(given === "" ? "A pull request needs a title." : undefined);
    if (given === "") return;
    void finalize(requestOf({ ...values, title: given }, dirty), "The pull request is open.").then((opened) => {
      if (!opened) return;
      setBegun(undefined);
      onOpened();
    });
  };
  return (
    <form onSubmit={submit} noValidate className="space-y-5">
      <div>
        <h2 className="font-semibold">Open a pull request</h2>
        <p className="mt-0.5 text-sm text-muted">
          The worker pushes <span className="font-mono break-all">{branch ?? status.branch}</span> and opens it; where
          one is open already, it is brought up to date.
        </p>
      </div>
      <TextField label="Title" error={wrong} spellCheck value={title} change={(text) => set({ title: text })} />
      <Field label="Description">
        {(control) => (
          <TextArea {...control} rows={6} value={values.body} onChange={(event) => set({ body: event.target.value })} />
        )}
      </Field>
      <TextField
        label="Into"
        hint="The branch that it is to be merged into."
        className="font-mono"
        placeholder="the repository's default branch"
        value={values.base}
        change={(text) => set({ base: text })}
      />
      {dirty && (
        <fieldset className="space-y-2 text-sm">
          <legend className="font-medium">
            {status.total === 1 ? "One file is" : `${status.total.toLocaleString()} files are`} not committed
          </legend>
          {(["leave", "commit"] as const).map((work) => (
            <label key={work} className="flex items-center gap-2.5 pointer-coarse:py-1.5">
              <input
                type="radio"
                name="work"
                className="size-4 accent-accent"
                checked={values.work === work}
                onChange={() => set({ work })}
              />
              {work === "leave" ? "Leave that out" : "Commit it first, with the title as its message"}
            </label>
          ))}
        </fieldset>
      )}
      <label className="flex items-center gap-2.5 text-sm pointer-coarse:py-1.5">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={values.draft}
          onChange={(event) => set({ draft: event.target.checked })}
        />
        As a draft
      </label>
      {problem !== undefined && (
        <div ref={reveal} className="scroll-mb-20">
          <Notice tone="bad" title="The pull request was not opened" urgent>
            <ProblemText problem={problem} />
          </Notice>
        </div>
      )}
      <div className="flex items-center gap-3">
        <Button type="submit" variant="primary" busy={busy}>
          {problem === undefined ? "Push and open" : "Try again"}
        </Button>
        <p role="status" className="text-sm text-muted">
          {busy ? (steps[operationStep ?? ""] ?? "Beginning…") : ""}
        </p>
      </div>
    </form>
  );
}
