import { ConfirmDialog } from "../components/confirm-dialog.tsx";

/** How many files, and how many other texts that were begun: scripts, messages, answers. */
export interface Unsaved {
  files: number;
  texts: number;
}

interface SignOutDialogProps {
  unsaved: Unsaved;
  leave: () => void;
  close: () => void;
}

/** Asks before texts that are not saved are given up. */
export default function SignOutDialog({ unsaved, leave, close }: SignOutDialogProps) {
  return (
    <ConfirmDialog
      title="Sign out and lose what is not saved?"
      description={whatIsLost(unsaved)}
      action="Sign out"
      act={async () => {
        leave();
        return undefined;
      }}
      failure="You are still signed in"
      close={close}
    />
  );
}

export function whatIsLost({ files, texts }: Unsaved): string {
  const changed = files === 1 ? "One file has changes that are" : `${files} files have changes that are`;
  const begun = texts === 1 ? "One text that was begun is" : `${texts} texts that were begun are`;
  if (texts === 0) return `${changed} only in this page.`;
  if (files === 0) return `${begun} only in this page.`;
  return `${changed} only in this page. ${begun} there alone, too.`;
}
