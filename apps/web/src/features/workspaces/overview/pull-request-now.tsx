import type { WorkspaceInfo } from "@ws/rpc-contract";
import { CircleCheck, CircleDashed, CircleMinus, CircleX, ExternalLink, type LucideIcon } from "lucide-react";
import { Link } from "react-router";
import { pageAddress } from "../../../components/page-address.ts";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { Badge } from "../../../components/ui/badge.tsx";
import { cn } from "../../../components/ui/cn.ts";
import { Card, cardLink } from "./card.tsx";

type PullRequest = NonNullable<WorkspaceInfo["pullRequest"]>;
type Checks = NonNullable<WorkspaceInfo["checks"]>;

/** The workspace's pull request, and how its checks stand. */
export function PullRequestNow({ workspace }: { workspace: WorkspaceInfo }) {
  const { name, repo, pullRequest, checks } = workspace;
  const toGit = (
    <Link to={`/w/${name}/git`} className={cardLink}>
      {pullRequest === undefined ? "Open one in Git" : "Git"}
    </Link>
  );
  return (
    <Card title="Pull request" more={repo !== undefined && toGit}>
      {pullRequest === undefined ? (
        <p className="text-sm text-muted">{repo === undefined ? "It has no repository." : "None was opened yet."}</p>
      ) : (
        <>
          <p className="flex min-w-0 items-baseline gap-2 text-sm font-medium">
            <Title {...pullRequest} />
            <State {...pullRequest} />
          </p>
          {checks !== undefined && <ChecksLine checks={checks} />}
        </>
      )}
    </Card>
  );
}

function Title({ number, title, url }: PullRequest) {
  const words = (
    <>
      {title} <span className="font-normal text-muted">#{number}</span>
    </>
  );
  const page = pageAddress(url);
  if (page === undefined) return <span className="min-w-0 break-words">{words}</span>;
  return (
    <a href={page} target="_blank" rel="noreferrer" className="min-w-0 break-words underline-offset-2 hover:underline">
      {words}
      <ExternalLink className="ml-1 inline size-3.5 text-muted" aria-label="on its forge" />
    </a>
  );
}

function State({ state, draft }: Pick<PullRequest, "state" | "draft">) {
  if (state === "merged") return <Badge tone="busy">Merged</Badge>;
  if (state === "closed") return <Badge tone="bad">Closed</Badge>;
  return draft ? <Badge>Draft</Badge> : <Badge tone="good">Open</Badge>;
}

const LOOKS: Readonly<Record<Checks["state"], { Icon: LucideIcon; tone: string; words: string }>> = {
  success: { Icon: CircleCheck, tone: "text-good", words: "Every check passed" },
  failure: { Icon: CircleX, tone: "text-bad", words: "Checks failed" },
  pending: { Icon: CircleDashed, tone: "text-busy", words: "Checks are under way" },
  none: { Icon: CircleMinus, tone: "text-muted", words: "No checks" },
};

function ChecksLine({ checks: { state, failed, at } }: { checks: Checks }) {
  const { Icon, tone, words } = LOOKS[state];
  return (
    <p className="mt-1.5 flex gap-2 text-[0.8125rem] text-muted">
      <Icon className={cn("mt-0.5 size-4 shrink-0", tone)} aria-hidden />
      <span className="min-w-0 break-words">
        <span className="text-ink">{words}</span>
        {failed.length > 0 && `: ${failed.join(", ")}`} · <TimeAgo at={at} />
      </span>
    </p>
  );
}
