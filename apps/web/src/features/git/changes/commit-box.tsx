import type { GitCommitResult } from "@ws/rpc-contract";
import { useState, type KeyboardEvent, type SyntheticEvent } from "react";
import { useKept } from "../../../components/kept-context.tsx";
import { Notice } from "../../../components/notice.tsx";
import { ProblemText } from "../../../components/problem-text.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { TextArea } from "../../../components/ui/text-area.tsx";
import { under, type Problem } from "../../../problem.ts";
import { useGitPanel } from "../use-git.ts";
import type { Group } from "./changes.ts";
import { IdentityForm } from "./identity-form.tsx";

const FAILURE = "Nothing was committed";
const isText = (message: string): boolean => message.trim() !== "";

/** Commits what is staged; where nothing is, everything, and says so. */
export function CommitBox({ groups }: { groups: readonly Group[] }) {
  const { id, name, status, busy, run } = useGitPanel();
  const [message = "", setMessage] = useKept<string>(`commit of ${id}`, isText);
  const [problem, setProblem] = useState<Problem>();
  const count = (area: string) => groups.find((group) => group.area === area)?.changes.length ?? 0;
  const staged = count("staged");
  const conflicts = count("conflicted");
  const merging = status.operation === "merge";
  const all = staged === 0 && !merging;
  const files = all ? status.total : staged;
  const nothing = files === 0 && !merging;
  const blocked = conflicts > 0 || nothing;
  const commit = () => {
    if (blocked || message.trim() === "" || busy !== undefined) return;
    setProblem(undefined);
    void run({
      key: "commit",
      failure: FAILURE,
      work: (git) => git.commit({ name, message, ...(all ? { all } : {}) }),
      done: ({ hash }: GitCommitResult) => `Committed as ${hash.slice(0, 8)}.`,
      quiet: true,
    }).then((failed) => {
      setProblem(failed);
      if (failed === undefined) setMessage(undefined);
    });
  };
  const onSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    commit();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) commit();
  };
  const label = nothing
    ? "Commit"
    : `Commit ${all && files > 1 ? "all " : ""}${files.toLocaleString()} ${files === 1 ? "file" : "files"}`;
  return (
    <div className="shrink-0 space-y-2 border-t border-line bg-surface px-4 py-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-6">
      {problem !== undefined && (
        <Notice tone="bad" title={FAILURE} urgent className="max-h-[45dvh] overflow-y-auto">
          {problem.code === "identity_missing" ? (
            <IdentityForm problem={under(FAILURE, problem)} busy={busy !== undefined} onSet={commit} />
          ) : (
            <ProblemText problem={under(FAILURE, problem)} />
          )}
        </Notice>
      )}
      <form onSubmit={onSubmit} className="space-y-2">
        <TextArea
          aria-label="Commit message"
          placeholder="What was done, and why"
          rows={message.includes("\n") || message.length > 60 ? 5 : 2}
          value={message}
          onChange={(event) => setMessage(event.target.value)}
          onKeyDown={onKeyDown}
          className="resize-none"
        />
        <div className="flex items-center gap-3">
          <p className="min-w-0 flex-1 text-xs text-muted">{hint({ conflicts, nothing, all, merging })}</p>
          <Button
            type="submit"
            variant="primary"
            size="small"
            busy={busy === "commit"}
            disabled={blocked || message.trim() === "" || busy !== undefined}
          >
            {merging ? "Commit the merge" : label}
          </Button>
        </div>
      </form>
    </div>
  );
}

function hint({
  conflicts,
  nothing,
  all,
  merging,
}: Record<"nothing" | "all" | "merging", boolean> & { conflicts: number }): string {
  if (conflicts > 0) return "Conflicts are resolved and staged first.";
  if (merging) return "Ends the merge.";
  if (nothing) return "There is nothing to commit.";
  return all ? "Nothing is staged, so it takes everything." : "Takes what is staged.";
}
