import { Maximize2, Minimize2, X } from "lucide-react";
import { cn } from "../../components/ui/cn.ts";

interface PaneHeaderProps {
  name: string;
  title: string | undefined;
  hasFocus: boolean;
  isMaximised: boolean;
  maximise: () => void;
  close: () => void;
}

const buttonClass =
  "grid size-6 shrink-0 place-items-center rounded-md text-muted hover:bg-raised hover:text-ink pointer-coarse:size-9";

/** Over a pane, where there are several: which terminal it is. */
export function PaneHeader({ name, title, hasFocus, isMaximised, maximise, close }: PaneHeaderProps) {
  return (
    <div
      className={cn(
        "flex h-7 shrink-0 items-center gap-1.5 border-b pr-1 pl-3 text-[0.8125rem] pointer-coarse:h-10",
        hasFocus ? "border-accent bg-surface text-ink" : "border-line bg-raised/60 text-muted",
      )}
      onDoubleClick={maximise}
    >
      <span className="min-w-0 shrink-0 truncate font-mono">{name}</span>
      {title !== undefined && (
        <bdi aria-hidden className="min-w-0 truncate text-muted">
          {title}
        </bdi>
      )}
      <span className="flex-1" />
      <button
        type="button"
        className={buttonClass}
        aria-label={isMaximised ? `Show all panes beside ${name}` : `Maximise ${name}`}
        onClick={maximise}
        onDoubleClick={(event) => event.stopPropagation()}
      >
        {isMaximised ? <Minimize2 className="size-3.5" aria-hidden /> : <Maximize2 className="size-3.5" aria-hidden />}
      </button>
      <button type="button" className={buttonClass} aria-label={`Close pane ${name}`} onClick={close}>
        <X className="size-3.5" aria-hidden />
      </button>
    </div>
  );
}
