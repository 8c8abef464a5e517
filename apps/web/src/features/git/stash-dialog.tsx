import { useState, type SyntheticEvent } from "react";
import { Notice } from "../../components/notice.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from "../../components/ui/dialog.tsx";
import { Field } from "../../components/ui/field.tsx";
import { Input } from "../../components/ui/input.tsx";
import type { Problem } from "../../problem.ts";
import { useGitPanel } from "./use-git.ts";

/** Puts changes away until they are wanted again. */
export function StashDialog({ close }: { close: () => void }) {
  const { name, status, busy, run } = useGitPanel();
  const [message, setMessage] = useState("");
  const [untracked, setUntracked] = useState(true);
  const [problem, setProblem] = useState<Problem>();
  const fresh = status.files.filter(({ worktree }) => worktree === "untracked").length;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const said = message.trim();
    void run({
      key: "stash",
      failure: "Nothing was put away",
      work: (git) => git.stash.push({ name, untracked, ...(said === "" ? {} : { message: said }) }),
      done: ({ created }: { created: boolean }) =>
        created ? "The changes are in a stash." : "There was nothing to put away.",
      quiet: true,
    }).then((failed) => (failed === undefined ? close() : setProblem(failed)));
  };
  return (
    <Dialog open onOpenChange={(open) => !open && close()}>
      <DialogContent
        width="narrow"
        title="Stash changes"
        description="They are kept under Stashes, and the files are as they were last committed."
      >
        <form className="contents" onSubmit={submit}>
          <DialogBody className="space-y-4">
            <Field label="Message" hint="What it was about; the branch and its last commit where this is empty.">
              {(control) => <Input {...control} value={message} onChange={(event) => setMessage(event.target.value)} />}
            </Field>
            {fresh > 0 && (
              <label className="flex items-center gap-2.5 text-sm">
                <input
                  type="checkbox"
                  className="size-4 accent-accent"
                  checked={untracked}
                  onChange={(event) => setUntracked(event.target.checked)}
                />
                New files too ({fresh.toLocaleString()})
              </label>
            )}
            {problem !== undefined && (
              <Notice tone="bad" title="Nothing was put away" urgent>
                <ProblemText problem={problem} />
              </Notice>
            )}
          </DialogBody>
          <DialogFooter>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" variant="primary" busy={busy === "stash"}>
              Stash
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
