import { useState, type ReactNode } from "react";
import { Notice } from "../../components/notice.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { AlertDialog, AlertDialogCancel, AlertDialogContent } from "../../components/ui/alert-dialog.tsx";
import { Button } from "../../components/ui/button.tsx";
import { DialogBody, DialogFooter } from "../../components/ui/dialog.tsx";
import type { Problem } from "../../problem.ts";
import { useGitPanel, type GitTask } from "./use-git.ts";

interface ConfirmDialogProps {
  title: string;
  /** What is gone afterwards: `<li>`s. */
  lost: ReactNode;
  kept?: string;
  action: string;
  task: GitTask;
  close: () => void;
}

/** Names what is lost before it is. */
export function ConfirmDialog({ title, lost, kept, action, task, close }: ConfirmDialogProps) {
  const { run, busy } = useGitPanel();
  const [problem, setProblem] = useState<Problem>();
  const confirm = () =>
    void run({ ...task, quiet: true }).then((failed) => (failed === undefined ? close() : setProblem(failed)));
  return (
    <AlertDialog open onOpenChange={(open) => !open && close()}>
      <AlertDialogContent title={title} description="This is lost and cannot be brought back:">
        <DialogBody className="space-y-4">
          <ul className="list-disc space-y-1 pl-5 text-sm break-words marker:text-bad">{lost}</ul>
          {kept !== undefined && <p className="text-sm text-muted">{kept}</p>}
          {problem !== undefined && (
            <Notice tone="bad" title={task.failure} urgent>
              <ProblemText problem={problem} />
            </Notice>
          )}
        </DialogBody>
        <DialogFooter>
          <AlertDialogCancel asChild>
            <Button>Cancel</Button>
          </AlertDialogCancel>
          <Button variant="danger" busy={busy === task.key} onClick={confirm}>
            {action}
          </Button>
        </DialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
