import type { ReactNode } from "react";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { useGitPanel, type GitTask } from "./use-git.ts";

interface LossDialogProps {
  title: string;
  /** What is gone afterwards: `<li>`s. */
  lost: ReactNode;
  kept?: string;
  action: string;
  task: GitTask;
  close: () => void;
  onCloseAutoFocus?: ((event: Event) => void) | undefined;
}

/** Names what is lost before it is. */
export function LossDialog({ title, lost, kept, action, task, close, onCloseAutoFocus }: LossDialogProps) {
  const { run } = useGitPanel();
  return (
    <ConfirmDialog
      title={title}
      description="This is lost and cannot be brought back:"
      action={action}
      act={() => run({ ...task, quiet: true })}
      failure={task.failure}
      close={close}
      {...(onCloseAutoFocus === undefined ? {} : { onCloseAutoFocus })}
    >
      <ul className="list-disc space-y-1 pl-5 text-sm break-words marker:text-bad">{lost}</ul>
      {kept !== undefined && <p className="text-sm text-muted">{kept}</p>}
    </ConfirmDialog>
  );
}
