import type { WorkspaceInfo } from "@ws/rpc-contract";
import { GitPullRequest } from "lucide-react";
import type { ReactNode } from "react";
import { dollars, shortCount } from "../../components/money.ts";
import { Dot } from "../../components/ui/dot.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { visible } from "../../components/visible.ts";
import { Elapsed } from "../../tasks/elapsed.tsx";
import type { Attempt } from "./attempt.ts";
import { sumOf } from "./changed-files.ts";
import { PlusMinus } from "./plus-minus.tsx";
import type { ChangesQuery } from "./use-changes.ts";

/** What an attempt took and what came of it, in figures that can be held against those of the others. */
export function AttemptFacts({ attempt, changes }: { attempt: Attempt; changes: ChangesQuery | undefined }) {
  const { task, pullRequest, workspace } = attempt;
  const { cost, inputTokens = 0, outputTokens = 0 } = task?.usage ?? {};
  const tokens = inputTokens + outputTokens;
  return (
    <dl className="space-y-0.5 text-[0.8125rem]">
      <Fact name="Changed">
        <Changed attempt={attempt} changes={changes} />
      </Fact>
      {task?.startedAt !== undefined && (
        <Fact name={task.completedAt === undefined ? "Runs for" : "Took"}>
          <Elapsed task={task} />
        </Fact>
      )}
      {(cost !== undefined || tokens > 0) && (
        <Fact name="Used">
          {[cost === undefined ? undefined : dollars(cost), tokens === 0 ? undefined : `${shortCount(tokens)} tokens`]
            .filter((text) => text !== undefined)
            .join(" · ")}
        </Fact>
      )}
      {pullRequest !== undefined && (
        <Fact name="Pull request">
          <a
            href={pullRequest.url}
            target="_blank"
            rel="noreferrer"
            className="inline-flex items-center gap-1 font-medium text-accent underline-offset-2 hover:underline"
          >
            <GitPullRequest className="size-3.5" aria-hidden />#{pullRequest.number}
            <span className="font-normal text-muted">{pullRequest.draft ? "draft" : pullRequest.state}</span>
          </a>
        </Fact>
      )}
      {workspace?.checks !== undefined && workspace.checks.state !== "none" && (
        <Fact name="Checks">
          <Checks checks={workspace.checks} />
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline gap-2">
      <dt className="w-20 shrink-0 text-muted">{name}</dt>
      <dd className="min-w-0 tabular-nums">{children}</dd>
    </div>
  );
}

function Changed({ attempt, changes }: { attempt: Attempt; changes: ChangesQuery | undefined }) {
  const sum = changes === undefined ? undefined : sumOf(changes);
  if (sum === undefined) {
    if (changes?.error !== null && changes?.error !== undefined) return <span className="text-bad">not known</span>;
    if (attempt.status !== "running") return <span className="text-muted">—</span>;
    return <Skeleton className="inline-block h-3 w-20 align-middle" />;
  }
  if (sum.files === 0) return <span className="text-muted">nothing</span>;
  return (
    <>
      {sum.files.toLocaleString("en")} {sum.files === 1 ? "file" : "files"} <PlusMinus {...sum} />
    </>
  );
}

const CHECKS = {
  success: { tone: "good", word: "passed" },
  failure: { tone: "bad", word: "failed" },
  pending: { tone: "busy", word: "under way" },
} as const;

function Checks({ checks: { state, failed } }: { checks: NonNullable<WorkspaceInfo["checks"]> }) {
  if (state === "none") return null;
  const { tone, word } = CHECKS[state];
  return (
    <span className="inline-flex items-center gap-1.5" title={failed.map(visible).join(", ")}>
      <Dot tone={tone} />
      {word}
      {failed.length > 0 && <span className="sr-only">: {failed.map(visible).join(", ")}</span>}
    </span>
  );
}
