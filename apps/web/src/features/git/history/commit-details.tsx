import { useQuery } from "@tanstack/react-query";
import { visible } from "../../../components/visible.ts";
import { useServices } from "../../../services.ts";
import { DiffPane } from "../diff/diff-pane.tsx";
import { useGitPanel } from "../use-git.ts";

/** A commit with its message and what it changed. */
export function CommitDetails({ hash, back }: { hash: string; back: () => void }) {
  const { queries } = useServices();
  const { name } = useGitPanel();
  // A commit never changes.
  const shown = useQuery(queries.git.show.queryOptions({ input: { name, ref: hash }, staleTime: Infinity }));
  const { commit, diff } = shown.data ?? {};
  return (
    <DiffPane
      title={hash.slice(0, 12)}
      files={diff?.files}
      query={shown}
      headers
      back={back}
      about={
        commit !== undefined &&
        diff !== undefined && (
          <div className="max-h-56 shrink-0 overflow-y-auto border-b border-line px-4 py-3 text-sm">
            <p className="font-semibold break-words">{visible(commit.subject)}</p>
            {commit.body.trim() !== "" && (
              <p className="mt-1.5 break-words whitespace-pre-wrap text-muted">{commit.body.trim()}</p>
            )}
            <p className="mt-1.5 text-[0.8125rem] break-words text-muted">
              {visible(commit.author.name)} · {new Date(commit.author.date).toLocaleString()}
              {commit.parents.length > 1 && " · a merge, compared with its first parent"}
              {diff.total === 1 ? " · one file" : ` · ${diff.total.toLocaleString()} files`}
              {diff.hidden > 0 && ` · the policy hides ${diff.hidden.toLocaleString()} of them`}
              {diff.truncated && " · too much to be shown whole"}
            </p>
          </div>
        )
      }
    />
  );
}
