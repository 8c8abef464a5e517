import { useInfiniteQuery } from "@tanstack/react-query";
import type { GitCommitResult } from "@ws/rpc-contract";
import { History, MousePointerClick } from "lucide-react";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { Badge } from "../../../components/ui/badge.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { cn } from "../../../components/ui/cn.ts";
import { Skeleton } from "../../../components/ui/skeleton.tsx";
import { visible } from "../../../components/visible.ts";
import { useServices } from "../../../services.ts";
import { Failed, Nothing } from "../states.tsx";
import { useGitAddress } from "../use-address.ts";
import { useGitPanel } from "../use-git.ts";
import { FRESH } from "../../../fresh.ts";
import { CommitDetails } from "./commit-details.tsx";

const PAGE = 50;

/** What was committed, newest first, and one commit in full. */
export function HistoryView() {
  const { queries } = useServices();
  const { name } = useGitPanel();
  const { commit: chosen, go } = useGitAddress();
  const log = useInfiniteQuery({
    ...queries.git.log.infiniteOptions({
      input: (skip: number) => ({ name, limit: PAGE, skip }),
      initialPageParam: 0,
      getNextPageParam: (page, pages) => (page.truncated ? pages.length * PAGE : undefined),
    }),
    ...FRESH,
  });
  const choose = (hash: string | undefined) =>
    go({ view: "history", ...(hash === undefined ? {} : { commit: hash }) }, { replace: chosen !== undefined });
  if (log.error !== null && log.data === undefined) return <Failed title="The history could not be read" query={log} />;
  if (log.data === undefined) return <Skeleton className="m-6 h-24" />;
  const commits = log.data.pages.flatMap((page) => page.commits);
  if (commits.length === 0) return <Nothing Icon={History} title="There is no commit yet" />;
  return (
    <div className="flex min-h-0 flex-1">
      <div
        className={cn(
          "min-h-0 w-full min-w-0 overflow-y-auto border-line py-1 lg:w-[23rem] lg:shrink-0 lg:border-r",
          chosen !== undefined && "max-lg:hidden",
        )}
      >
        <ol aria-label="Commits">
          {commits.map((commit) => (
            <CommitRow
              key={commit.hash}
              commit={commit}
              chosen={commit.hash === chosen}
              choose={() => choose(commit.hash)}
            />
          ))}
        </ol>
        {log.hasNextPage && (
          <div className="p-3 text-center">
            <Button size="small" busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
              Show older ones
            </Button>
          </div>
        )}
      </div>
      <div className={cn("flex min-h-0 min-w-0 flex-1 flex-col", chosen === undefined && "max-lg:hidden")}>
        {chosen === undefined ? (
          <Nothing Icon={MousePointerClick} title="Choose a commit">
            What it changed is shown here.
          </Nothing>
        ) : (
          <CommitDetails key={chosen} hash={chosen} back={() => choose(undefined)} />
        )}
      </div>
    </div>
  );
}

function CommitRow({ commit, chosen, choose }: { commit: GitCommitResult; chosen: boolean; choose: () => void }) {
  const { hash, subject, author, refs } = commit;
  const shown = refs.filter(({ type }) => type !== "head" && type !== "other").slice(0, 4);
  return (
    <li className="[content-visibility:auto] [contain-intrinsic-size:auto_3.25rem]">
      <button
        type="button"
        onClick={choose}
        aria-current={chosen}
        className={cn(
          "block w-full px-4 py-2 text-left -outline-offset-2 sm:px-6",
          chosen ? "bg-accent-soft" : "hover:bg-raised/60",
        )}
      >
        <span className="line-clamp-2 text-[0.8125rem] font-medium break-words">
          {subject === "" ? "(no message)" : visible(subject)}
        </span>
        <span className="mt-0.5 flex flex-wrap items-center gap-x-1.5 gap-y-1 text-xs text-muted">
          <span className="font-mono">{hash.slice(0, 8)}</span>
          <span className="max-w-40 truncate">{visible(author.name)}</span>
          <TimeAgo at={author.date} />
          {shown.map((ref) => (
            <Badge key={`${ref.type}:${ref.name}`} className="max-w-40 overflow-hidden">
              <span className="truncate">{ref.name}</span>
            </Badge>
          ))}
        </span>
      </button>
    </li>
  );
}
