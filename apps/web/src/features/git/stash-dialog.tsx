import { useState } from "react";
import { FormDialog } from "../../components/form-dialog.tsx";
import { TextField } from "../../components/ui/text-field.tsx";
import { useAttempt } from "../../components/use-attempt.ts";
import { useGitPanel } from "./use-git.ts";

/** Puts changes away until they are wanted again. */
export function StashDialog({ close }: { close: () => void }) {
  const { name, status, run } = useGitPanel();
  const [message, setMessage] = useState("");
  const [untracked, setUntracked] = useState(true);
  const { busy, problem, attempt } = useAttempt(close);
  const fresh = status.files.filter(({ worktree }) => worktree === "untracked").length;
  const failure = "Nothing was put away";
  const submit = () => {
    const said = message.trim();
    attempt(() =>
      run({
        key: "stash",
        failure,
        work: (git) => git.stash.push({ name, untracked, ...(said === "" ? {} : { message: said }) }),
        done: ({ created }: { created: boolean }) =>
          created ? "The changes are in a stash." : "There was nothing to put away.",
        quiet: true,
      }),
    );
  };
  return (
    <FormDialog
      title="Stash changes"
      description="They are kept under Stashes, and the files are as they were last committed."
      action="Stash"
      {...{ submit, busy, problem, failure, close }}
    >
      <TextField
        label="Message"
        hint="What it was about; the branch and its last commit where this is empty."
        value={message}
        change={setMessage}
      />
      {fresh > 0 && (
        <label className="flex items-center gap-2.5 text-sm pointer-coarse:py-1.5">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={untracked}
            onChange={(event) => setUntracked(event.target.checked)}
          />
          New files too ({fresh.toLocaleString()})
        </label>
      )}
    </FormDialog>
  );
}
