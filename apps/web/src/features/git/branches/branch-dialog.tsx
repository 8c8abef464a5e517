import { useQuery } from "@tanstack/react-query";
import type { GitBranchResult } from "@ws/rpc-contract";
import { Check, GitBranchPlus } from "lucide-react";
import { useMemo, useState } from "react";
import { Notice } from "../../../components/notice.tsx";
import { ProblemText } from "../../../components/problem-text.tsx";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Dialog, DialogBody, DialogContent } from "../../../components/ui/dialog.tsx";
import { Input } from "../../../components/ui/input.tsx";
import { Skeleton } from "../../../components/ui/skeleton.tsx";
import { visible } from "../../../components/visible.ts";
import { toProblem, type Problem } from "../../../problem.ts";
import { useServices } from "../../../services.ts";
import { useGitPanel } from "../use-git.ts";
import { FRESH } from "../../../fresh.ts";
import { choicesOf, localName, meantBy, type Wish } from "./choices.ts";

/** Switches to a branch, of here or of the remote, or makes one. What is in the way is told, with a way around it. */
export function BranchDialog({ close }: { close: () => void }) {
  const { queries } = useServices();
  const { name, status, busy, run } = useGitPanel();
  const list = useQuery({ ...queries.git.branches.list.queryOptions({ input: { name } }), ...FRESH });
  const [search, setSearch] = useState("");
  const [refused, setRefused] = useState<{ wish: Wish; problem: Problem }>();
  const { found, mayCreate } = useMemo(() => choicesOf(list.data?.branches ?? [], search), [list.data, search]);
  const wanted = search.trim();
  const locked = busy !== undefined;

  const go = (wish: Wish, { stash }: { stash: boolean }) => {
    setRefused(undefined);
    const { branch, create } = wish;
    void run({
      key: `branch:${branch}`,
      failure: `'${branch}' was not checked out`,
      work: async (git) => {
        const away =
          stash && (await git.stash.push({ name, untracked: true, message: `Before the switch to ${branch}` }));
        try {
          await git.checkout({ name, branch, ...(create ? { create } : {}) });
        } catch (error) {
          // Still on the old branch, where the changes belong.
          if (away !== false && away.created) await git.stash.pop({ name });
          throw error;
        }
      },
      done: create ? `'${branch}' was made and is checked out.` : `'${branch}' is checked out.`,
      quiet: true,
    }).then((problem) => (problem === undefined ? close() : setRefused({ wish, problem })));
  };

  return (
    <Dialog open onOpenChange={(open) => !open && close()}>
      <DialogContent
        width="wide"
        title="Branches"
        description={status.branch === undefined ? "No branch is checked out." : `On ${status.branch} now.`}
      >
        <DialogBody className="space-y-3 pt-1.5">
          <form
            onSubmit={(event) => {
              event.preventDefault();
              const meant = meantBy(found, mayCreate, search);
              if (meant !== undefined && !locked) go(meant, { stash: false });
            }}
          >
            <Input
              aria-label="Find or name a branch"
              placeholder="Find a branch, or name a new one"
              className="font-mono"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          </form>
          {refused !== undefined && (
            <Notice tone="bad" title={`'${refused.wish.branch}' was not checked out`} urgent>
              <ProblemText problem={refused.problem} />
              {refused.problem.code === "uncommitted_work" && (
                <Button
                  size="small"
                  className="mt-3"
                  disabled={locked}
                  onClick={() => go(refused.wish, { stash: true })}
                >
                  Stash everything and switch
                </Button>
              )}
            </Notice>
          )}
          {list.error !== null && <ProblemTextOf error={list.error} />}
          {list.data === undefined && list.error === null && <Skeleton className="h-24" />}
          {mayCreate && (
            <Button
              size="small"
              className="max-w-full"
              busy={busy === `branch:${wanted}`}
              disabled={locked}
              onClick={() => go({ branch: wanted, create: true }, { stash: false })}
            >
              <GitBranchPlus aria-hidden />
              <span className="truncate">
                Create <span className="font-mono">{wanted}</span> from here
              </span>
            </Button>
          )}
          <ul className="-mx-2 max-h-[46vh] overflow-y-auto" aria-label="Branches">
            {found.map((branch) => (
              <BranchRow
                key={branch.name}
                branch={branch}
                disabled={locked}
                choose={() => go({ branch: localName(branch), create: false }, { stash: false })}
              />
            ))}
          </ul>
          {list.data?.branches.length === 0 && (
            <p className="text-[0.8125rem] text-muted">There is no branch yet: the first commit makes one.</p>
          )}
          {list.data?.truncated === true && <p className="text-[0.8125rem] text-muted">There are more than these.</p>}
        </DialogBody>
      </DialogContent>
    </Dialog>
  );
}

function BranchRow({ branch, disabled, choose }: { branch: GitBranchResult; disabled: boolean; choose: () => void }) {
  const { name, current, remote, subject, date, ahead = 0, behind = 0, gone } = branch;
  const standing = [
    remote && "only on the remote",
    ahead > 0 && `${ahead} ahead`,
    behind > 0 && `${behind} behind`,
    gone === true && "gone from the remote",
  ].filter((part) => typeof part === "string");
  return (
    <li>
      <button
        type="button"
        disabled={disabled || current}
        onClick={choose}
        aria-current={current}
        className="flex w-full items-start gap-2 rounded-lg px-2 py-1.5 text-left -outline-offset-2 enabled:hover:bg-raised pointer-coarse:py-2.5"
      >
        <Check className={current ? "mt-0.5 size-4 shrink-0 text-good" : "invisible size-4 shrink-0"} aria-hidden />
        <span className="min-w-0 flex-1">
          <span className="block font-mono text-[0.8125rem] font-semibold break-all">{visible(name)}</span>
          <span className="block truncate text-xs text-muted">
            {[...standing, visible(subject)].join(" · ")} · <TimeAgo at={date} />
          </span>
        </span>
      </button>
    </li>
  );
}

function ProblemTextOf({ error }: { error: unknown }) {
  return (
    <Notice tone="bad" title="The branches could not be read">
      <ProblemText problem={toProblem(error)} />
    </Notice>
  );
}
