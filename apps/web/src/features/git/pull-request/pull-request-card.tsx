import { useQuery } from "@tanstack/react-query";
import type { WorkspaceInfo } from "@ws/rpc-contract";
import { ArrowRight, ExternalLink, GitPullRequest } from "lucide-react";
import { useState } from "react";
import { Notice } from "../../../components/notice.tsx";
import { ProblemText } from "../../../components/problem-text.tsx";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { Badge } from "../../../components/ui/badge.tsx";
import { pageAddress } from "../../../components/page-address.ts";
import { Button, buttonVariants } from "../../../components/ui/button.tsx";
import { toProblem } from "../../../problem.ts";
import { useServices } from "../../../services.ts";
import { useGitPanel } from "../use-git.ts";
import { FRESH } from "../../../fresh.ts";
import { ChecksList } from "./checks.tsx";
import { useFinalize } from "./use-finalize.ts";

type PullRequest = NonNullable<WorkspaceInfo["pullRequest"]>;

interface PullRequestCardProps {
  workspace: WorkspaceInfo;
  pullRequest: PullRequest;
  /** Present where it is merged or closed. */
  openAnother: (() => void) | undefined;
}

const PENDING_MS = 20_000;

/** A pull request as its forge has it, with its checks and what is to be done to it from here. */
export function PullRequestCard({ workspace, pullRequest, openAnother }: PullRequestCardProps) {
  const { queries } = useServices();
  const { name, status } = useGitPanel();
  const look = useQuery({
    ...queries.workspaces.pullRequest.queryOptions({ input: { name } }),
    ...FRESH,
    refetchInterval: ({ state }) => (state.data?.checks?.state === "pending" ? PENDING_MS : false),
  });
  const { finalize, problem, busy } = useFinalize(workspace);
  const [asked, setAsked] = useState<"push" | "draft">();
  const { number, title, url, state, draft, sourceBranch, targetBranch, createdAt } = pullRequest;
  const { ahead = 0 } = status;
  const push = () => {
    setAsked("push");
    void finalize({ push: true, uncommitted: "leave" }, `Pushed to #${number}.`);
  };
  const setDraft = () => {
    setAsked("draft");
    const next = !draft;
    void finalize(
      { uncommitted: "leave", pullRequest: { title, targetBranch, draft: next } },
      next ? `#${number} is a draft.` : `#${number} is ready for review.`,
    );
  };
  return (
    <section aria-label={`Pull request #${number}`} className="rounded-xl border border-line bg-surface p-4 sm:p-5">
      <div className="flex items-start gap-3">
        <GitPullRequest className="mt-1 size-5 shrink-0 text-muted" aria-hidden />
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold break-words">
            {title} <span className="font-normal text-muted">#{number}</span>
          </h2>
          <p className="mt-1.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-[0.8125rem] text-muted">
            <State state={state} draft={draft} />
            <span className="font-mono break-all">{sourceBranch}</span>
            <ArrowRight className="size-3.5" aria-label="into" />
            <span className="font-mono break-all">{targetBranch}</span>
            <span>
              opened <TimeAgo at={createdAt} />
            </span>
          </p>
        </div>
      </div>
      {problem !== undefined && (
        <Notice tone="bad" title="It was not brought up to date" urgent className="mt-4">
          <ProblemText problem={problem} />
        </Notice>
      )}
      {look.error !== null && (
        <Notice tone="warn" title="Its forge could not be asked, so this is what was last seen" className="mt-4">
          <ProblemText problem={toProblem(look.error)} />
        </Notice>
      )}
      {look.data?.checks !== undefined && (
        <ChecksList checks={look.data.checks} busy={look.isFetching} refetch={() => void look.refetch()} />
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        {pageAddress(url) !== undefined && (
          <a
            href={pageAddress(url)}
            target="_blank"
            rel="noreferrer"
            className={buttonVariants({ variant: "secondary", size: "small" })}
          >
            <ExternalLink aria-hidden />
            Open on {hostOf(url)}
          </a>
        )}
        {state === "open" && (
          <>
            <Button
              size="small"
              variant={ahead > 0 ? "primary" : "secondary"}
              busy={busy && asked === "push"}
              disabled={busy || ahead === 0}
              onClick={push}
            >
              {ahead === 0 ? "Every commit is pushed" : `Push ${ahead} ${ahead === 1 ? "commit" : "commits"}`}
            </Button>
            <Button size="small" busy={busy && asked === "draft"} disabled={busy} onClick={setDraft}>
              {draft ? "Ready for review" : "Make it a draft"}
            </Button>
          </>
        )}
        {openAnother !== undefined && (
          <Button size="small" onClick={openAnother}>
            Open another
          </Button>
        )}
      </div>
    </section>
  );
}

function State({ state, draft }: Pick<PullRequest, "state" | "draft">) {
  if (state === "merged") return <Badge tone="busy">Merged</Badge>;
  if (state === "closed") return <Badge tone="bad">Closed</Badge>;
  return draft ? <Badge>Draft</Badge> : <Badge tone="good">Open</Badge>;
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? "the forge";
}
