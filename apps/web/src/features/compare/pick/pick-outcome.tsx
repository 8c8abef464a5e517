import type { CleanupResult, PullRequest } from "@ws/rpc-contract";
import { CircleCheck, ExternalLink } from "lucide-react";
import { Command } from "../../../components/command.tsx";
import { localProject } from "../../../components/local-project.ts";
import { Button, buttonVariants } from "../../../components/ui/button.tsx";
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from "../../../components/ui/dialog.tsx";
import { visible } from "../../../components/visible.ts";
import type { Attempt } from "../attempt.ts";

interface PickOutcomeProps {
  attempt: Attempt;
  picked: { pullRequest?: PullRequest | undefined; others: CleanupResult[] };
  repo: string | undefined;
  close: () => void;
}

/** What came of a pick: the pull request, and what became of each of the others. */
export function PickOutcome({
  attempt: { name, workspace },
  picked: { pullRequest, others },
  repo,
  close,
}: PickOutcomeProps) {
  const project = localProject(repo);
  const kept = others.some((other) => other.kept);
  return (
    <Dialog open onOpenChange={(open) => !open && close()}>
      <DialogContent
        width="wide"
        title={
          <>
            <span className="font-mono">{name}</span> was picked
          </>
        }
        description={
          pullRequest === undefined
            ? "Its branch is pushed."
            : `Pull request #${pullRequest.number}${pullRequest.draft ? " is a draft" : " is open"}: ${visible(pullRequest.title)}`
        }
      >
        <DialogBody className="space-y-4">
          {project !== undefined && (
            <Command>{`ws change set NAME --project ${project} --branch ${workspace?.branch ?? "BRANCH"}`}</Command>
          )}
          {others.length > 0 && (
            <ul aria-label="The others" className="divide-y divide-line rounded-lg border border-line text-sm">
              {others.map((other) => (
                <li key={other.id} className="flex gap-2.5 px-3 py-2">
                  <CircleCheck
                    className={other.kept ? "invisible size-4" : "mt-0.5 size-4 shrink-0 text-good"}
                    aria-hidden
                  />
                  <span className="min-w-0 flex-1 break-words">
                    <span className="font-mono text-[0.8125rem] font-semibold">{other.name}</span>{" "}
                    {other.kept ? (
                      <span>
                        {other.reason === "failed" ? "could not be removed: " : "stays: it holds "}
                        {visible(other.holder ?? "work that lies nowhere else")}
                        {other.reason === "failed" ? "" : "."}
                      </span>
                    ) : (
                      <span className="text-muted">was removed.</span>
                    )}
                  </span>
                </li>
              ))}
            </ul>
          )}
          {kept && (
            <p className="text-sm text-muted">
              What stays can be looked at as before. “Finish” beside {name} removes it, with or without what it made.
            </p>
          )}
        </DialogBody>
        <DialogFooter>
          <DialogClose asChild>
            <Button variant={pullRequest === undefined ? "primary" : "secondary"}>Done</Button>
          </DialogClose>
          {pullRequest !== undefined && (
            <a
              href={pullRequest.url}
              target="_blank"
              rel="noreferrer"
              className={buttonVariants({ variant: "primary" })}
            >
              <ExternalLink aria-hidden />
              Open pull request
            </a>
          )}
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
