import { Notice } from "../../components/notice.tsx";
import { Button } from "../../components/ui/button.tsx";

interface ConflictBarProps {
  /** What became of it; `replaced` by what is no text. */
  kind: "changed" | "replaced" | "gone";
  busy: boolean;
  comparing: boolean;
  keepMine: () => void;
  takeTheirs: () => void;
  compare: () => void;
}

const TITLES = {
  changed: "The file was changed underneath",
  replaced: "The file is no text any more",
  gone: "The file was removed underneath",
};

/** Somebody else wrote or removed the file since it was opened: says so, and lets a person choose. */
export function ConflictBar({ kind, busy, comparing, keepMine, takeTheirs, compare }: ConflictBarProps) {
  const gone = kind === "gone";
  return (
    <Notice tone="warn" urgent title={TITLES[kind]} className="m-2 shrink-0">
      <p className="text-muted">
        {gone
          ? "Your changes are only here. Nothing is written until you say so."
          : "Somebody wrote it since you opened it. Your changes are only here; nothing is overwritten until you say so."}
      </p>
      <div className="mt-2.5 flex flex-wrap gap-2">
        <Button size="small" busy={busy} onClick={keepMine}>
          {gone ? "Write it again" : "Keep mine"}
        </Button>
        <Button size="small" disabled={busy} onClick={takeTheirs}>
          {kind === "changed" ? "Take theirs" : "Discard my changes"}
        </Button>
        {kind === "changed" && (
          <Button size="small" variant={comparing ? "pressed" : "secondary"} aria-pressed={comparing} onClick={compare}>
            Compare
          </Button>
        )}
      </div>
    </Notice>
  );
}
