import { ChevronRight, Minus, Plus, Trash2, Undo2 } from "lucide-react";
import { cn } from "../../../components/ui/cn.ts";
import type { Group } from "./changes.ts";
import { RowButton } from "./row-button.tsx";
import type { RowPlace } from "./row-place.ts";
import { useStaging } from "./use-staging.ts";

const titles = { conflicted: "Conflicts", staged: "Staged", changed: "Changed", untracked: "New files" };
/** Each is a call of its own, which nobody should wait for by the hundred. */
const MOST_REMOVED = 200;

interface GroupRowProps extends RowPlace {
  group: Group;
  open: boolean;
  fold: () => void;
  discard: () => void;
}

/** The head of a group, with what can be done to all of it. */
export function GroupRow({ group, open, fold, discard, ...place }: GroupRowProps) {
  const { index, tabbable, onFocus, onKeyDown, style } = place;
  const { area, changes } = group;
  const { stageAll, unstageAll } = useStaging();
  const title = titles[area];
  const few = changes.length <= MOST_REMOVED;
  return (
    <div
      role="listitem"
      data-at={index}
      style={style}
      className="absolute inset-x-0 top-0 flex items-center gap-0.5 pr-2 pl-2 sm:pr-3 sm:pl-4"
    >
      <button
        type="button"
        data-row={index}
        onFocus={onFocus}
        tabIndex={tabbable ? 0 : -1}
        onKeyDown={onKeyDown}
        onClick={fold}
        aria-expanded={open}
        className="flex h-full min-w-0 flex-1 items-center gap-1.5 rounded-md px-1 text-left text-[0.8125rem] font-semibold -outline-offset-2"
      >
        <ChevronRight
          className={cn("size-4 shrink-0 text-muted transition-transform", open && "rotate-90")}
          aria-hidden
        />
        <span className={area === "conflicted" ? "text-bad" : ""}>{title}</span>
        <span className="font-normal text-muted tabular-nums">{changes.length.toLocaleString()}</span>
      </button>
      {(area === "changed" || (area === "untracked" && few)) && (
        <RowButton
          {...place}
          label={`${area === "untracked" ? "Delete" : "Discard"} all: ${title}`}
          title={area === "untracked" ? "Delete all…" : "Discard all…"}
          press={discard}
        >
          {area === "untracked" ? <Trash2 aria-hidden /> : <Undo2 aria-hidden />}
        </RowButton>
      )}
      {area === "staged" ? (
        <RowButton {...place} label="Unstage all" title="Unstage all" press={() => unstageAll(changes)}>
          <Minus aria-hidden />
        </RowButton>
      ) : (
        <RowButton {...place} label={`Stage all: ${title}`} title="Stage all" press={() => stageAll(changes)}>
          <Plus aria-hidden />
        </RowButton>
      )}
    </div>
  );
}
