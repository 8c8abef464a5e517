import { ConfirmDialog } from "../components/confirm-dialog.tsx";

interface SignOutDialogProps {
  /** How many files. */
  unsaved: number;
  leave: () => void;
  close: () => void;
}

/** Asks before texts that are not saved are given up. */
export default function SignOutDialog({ unsaved, leave, close }: SignOutDialogProps) {
  return (
    <ConfirmDialog
      title="Sign out and lose what is not saved?"
      description={`${unsaved === 1 ? "One file has changes that are" : `${unsaved} files have changes that are`} only in this page.`}
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
