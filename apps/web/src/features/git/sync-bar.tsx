import { ArrowDown, ArrowUp, ChevronDown, Ellipsis, GitBranch, RotateCw } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "../../components/ui/dropdown-menu.tsx";
import { BranchDialog } from "./branches/branch-dialog.tsx";
import { StashDialog } from "./stash-dialog.tsx";
import { useGitVerbs } from "./use-git-verbs.ts";
import { useGitPanel, useGitRefresh, type GitTask } from "./use-git.ts";

const plural = (count: number, one: string) => `${count} ${one}${count === 1 ? "" : "s"}`;

/** The branch, how it stands to the remote, and what goes between the two. */
export function SyncBar({ refetching }: { refetching: boolean }) {
  const { name, status, busy, run } = useGitPanel();
  const refresh = useGitRefresh();
  const [dialog, setDialog] = useState<"branch" | "stash">();
  const { branch, head, ahead = 0, behind = 0, upstream, files, operation } = status;
  const what = branch ?? `commit ${head?.slice(0, 8) ?? ""}`;
  const pull = (rebase: boolean): GitTask => ({
    key: "pull",
    failure: `'${what}' was not pulled`,
    work: (git) => git.pull({ name, ...(rebase ? { rebase } : {}) }),
    done: ({ commits }: { commits: number }) =>
      commits === 0 ? "Nothing new on the remote." : `${plural(commits, "commit")} came in.`,
  });
  const push: GitTask = {
    key: "push",
    failure: `'${what}' was not pushed`,
    work: (git) => git.push({ name }),
    done: (pushed: { branch: string }) => `Pushed to ${pushed.branch}.`,
  };
  // Git counts nothing against what is not there any more.
  const gone = upstream !== undefined && status.ahead === undefined;
  const pushable = branch !== undefined && head !== undefined && (ahead > 0 || upstream === undefined || gone);
  const locked = busy !== undefined;
  useGitVerbs(name, {
    locked: locked
      ? "Something is being done in it already."
      : operation !== undefined
        ? "Something in it has to be finished first."
        : branch === undefined
          ? "No branch is checked out."
          : undefined,
    pull: (rebase) => void run(pull(rebase)),
    push: () => void run(push),
    branch: () => setDialog("branch"),
    stash: files.length === 0 ? undefined : () => setDialog("stash"),
  });
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-2 gap-y-1.5 px-4 py-2 sm:px-6">
      <Button
        size="small"
        className="max-w-full min-w-0 shrink max-sm:basis-full"
        onClick={() => setDialog("branch")}
        aria-label={`Branch: ${what}. Switch or create`}
      >
        <GitBranch aria-hidden />
        <span className="truncate font-mono">{what}</span>
        <ChevronDown aria-hidden />
      </Button>
      <p className="min-w-0 flex-1 basis-0 truncate text-[0.8125rem] text-muted" role="status">
        {branch === undefined
          ? "no branch is checked out"
          : head === undefined
            ? "no commit yet"
            : upstream === undefined
              ? "not on the remote yet"
              : gone
                ? `${upstream} is not there`
                : standing(ahead, behind, upstream)}
      </p>
      <div className="flex items-center gap-1.5">
        <Button
          size="small"
          busy={busy === "pull"}
          disabled={locked || branch === undefined || operation !== undefined}
          onClick={() => void run(pull(false))}
        >
          <ArrowDown aria-hidden className={busy === "pull" ? "hidden" : ""} />
          Pull{behind > 0 && <Count of={behind} />}
        </Button>
        <Button
          size="small"
          variant={pushable ? "primary" : "secondary"}
          busy={busy === "push"}
          disabled={locked || branch === undefined || operation !== undefined}
          onClick={() => void run(push)}
        >
          <ArrowUp aria-hidden className={busy === "push" ? "hidden" : ""} />
          Push{ahead > 0 && <Count of={ahead} />}
        </Button>
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button size="iconSmall" variant="ghost" aria-label="More of git">
              {refetching ? <RotateCw aria-hidden className="animate-spin" /> : <Ellipsis aria-hidden />}
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent>
            <DropdownMenuItem disabled={locked || operation !== undefined} onSelect={() => void run(pull(true))}>
              Pull, own commits on top
            </DropdownMenuItem>
            <DropdownMenuItem disabled={locked || files.length === 0} onSelect={() => setDialog("stash")}>
              Stash changes…
            </DropdownMenuItem>
            <DropdownMenuSeparator />
            <DropdownMenuItem onSelect={() => void refresh()}>Read again</DropdownMenuItem>
          </DropdownMenuContent>
        </DropdownMenu>
      </div>
      {dialog === "branch" && <BranchDialog close={() => setDialog(undefined)} />}
      {dialog === "stash" && <StashDialog close={() => setDialog(undefined)} />}
    </div>
  );
}

function standing(ahead: number, behind: number, upstream: string): string {
  const parts = [ahead > 0 && `${ahead} ahead of`, behind > 0 && `${behind} behind`].filter((part) => part !== false);
  return parts.length === 0 ? `as ${upstream}` : `${parts.join(", ")} ${upstream}`;
}

function Count({ of }: { of: number }) {
  return <span className="tabular-nums">{of}</span>;
}
