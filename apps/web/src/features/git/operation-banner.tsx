import type { GitStatusResult } from "@ws/rpc-contract";
import { useState } from "react";
import { Command } from "../../components/command.tsx";
import { Notice } from "../../components/notice.tsx";
import { Button } from "../../components/ui/button.tsx";
import { LossDialog } from "./loss-dialog.tsx";
import { useGitPanel } from "./use-git.ts";

const words = { rebase: "rebase", merge: "merge", cherry_pick: "cherry-pick", revert: "revert", bisect: "bisect" };

/** What git is in the middle of, with the two ways out of it. */
export function OperationBanner() {
  const { operation } = useGitPanel().status;
  // What was asked about one operation is forgotten with it: the next one must not begin with an open question.
  return operation && <UnderWay key={operation} operation={operation} />;
}

function UnderWay({ operation }: { operation: NonNullable<GitStatusResult["operation"]> }) {
  const { name, status, busy, run } = useGitPanel();
  const [asking, setAsking] = useState(false);
  const { files } = status;
  const word = words[operation];
  const conflicts = files.filter(({ conflicted }) => conflicted).length;
  const goOn = () =>
    void run({
      key: "continue",
      failure: "The rebase did not go on",
      work: (git) => git.rebase.continue({ name }),
      done: "The rebase is done.",
    });
  return (
    <Notice tone="warn" title={`A ${word} is under way`} className="mx-4 mb-2 shrink-0 sm:mx-6">
      <p className="text-muted">{advice(operation, conflicts)}</p>
      {(operation === "rebase" || operation === "merge") && (
        <div className="mt-2.5 flex flex-wrap gap-2">
          {operation === "rebase" && (
            <Button
              size="small"
              variant="primary"
              busy={busy === "continue"}
              disabled={conflicts > 0 || busy !== undefined}
              onClick={goOn}
            >
              Continue
            </Button>
          )}
          <Button size="small" disabled={busy !== undefined} onClick={() => setAsking(true)}>
            Abort…
          </Button>
        </div>
      )}
      {(operation === "cherry_pick" || operation === "revert") && (
        <div className="mt-2 max-w-md">
          <Command>{`git ${word} --continue`}</Command>
        </div>
      )}
      {operation === "bisect" && (
        <div className="mt-2 max-w-md">
          <Command>git bisect reset</Command>
        </div>
      )}
      {asking && (
        <LossDialog
          title={`Abort the ${word}?`}
          lost={
            <>
              <li>What was resolved so far</li>
              <li>Everything that is not committed{operation === "merge" && ", also from before the merge"}</li>
            </>
          }
          kept="The branch is then as it was before."
          action="Abort"
          task={{
            key: "abort",
            failure: `The ${word} was not aborted`,
            work: (git) =>
              operation === "rebase"
                ? git.rebase.abort({ name })
                : git.reset({ name, mode: "hard", allowDestructive: true }),
            done: `The ${word} was aborted.`,
          }}
          close={() => setAsking(false)}
        />
      )}
    </Notice>
  );
}

function advice(operation: keyof typeof words, conflicts: number): string {
  if (conflicts > 0) {
    const files = conflicts === 1 ? "One file conflicts" : `${conflicts} files conflict`;
    return `${files}: edit what lies between the marks, then stage it.`;
  }
  if (operation === "rebase") return "Nothing conflicts any more: it can go on.";
  if (operation === "merge") return "Nothing conflicts any more: a commit ends it.";
  return "It is ended in a terminal of the workspace:";
}
