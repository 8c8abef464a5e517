import { memo } from "react";
import { Minus, Plus, Trash2, Undo2 } from "lucide-react";
import { cn } from "../../../components/ui/cn.ts";
import { visible } from "../../../components/visible.ts";
import { splitPath, type ListRow } from "./changes.ts";
import { KindMark, kindWord } from "../../../components/diff/kind-mark.tsx";
import { RowButton } from "./row-button.tsx";
import type { RowPlace } from "./row-place.ts";
import { useStaging } from "./use-staging.ts";

interface ChangeRowProps extends RowPlace {
  row: Extract<ListRow, { type: "change" }>;
  chosen: boolean;
  choose: () => void;
  discard: () => void;
}

/** One changed file: a press shows it, and beside it stands what can be done to it. */
export const ChangeRow = memo(function ChangeRow(props: ChangeRowProps) {
  const { row, chosen, choose, discard, index, tabbable, onFocus, onKeyDown, style } = props;
  const { change, position, count } = row;
  const { area, path, oldPath, kind } = change;
  const { stage, unstage } = useStaging();
  const { directory, name } = splitPath(visible(path));
  const giveUp = area === "untracked" ? "Delete" : "Discard";
  const move = area === "staged" ? "Unstage" : "Stage";
  const mayDiscard = area === "changed" || area === "untracked";
  return (
    <div
      role="listitem"
      data-at={index}
      aria-setsize={count}
      aria-posinset={position}
      style={style}
      className={cn(
        "absolute inset-x-0 top-0 flex items-center gap-0.5 pr-2 pl-4 sm:pr-3 sm:pl-6",
        chosen ? "bg-accent-soft" : "hover:bg-raised/60",
      )}
    >
      <button
        type="button"
        data-row={index}
        onFocus={onFocus}
        tabIndex={tabbable ? 0 : -1}
        onKeyDown={onKeyDown}
        onClick={choose}
        aria-current={chosen}
        title={oldPath === undefined ? directory + name : `${visible(oldPath)} → ${directory}${name}`}
        className="flex h-full min-w-0 flex-1 items-center gap-2 rounded-md px-1 text-left text-[0.8125rem] -outline-offset-2"
      >
        <KindMark kind={kind} />
        <span className="flex min-w-0 flex-1 items-baseline gap-1.5">
          <span className={cn("max-w-full shrink-0 truncate", kind === "deleted" && "line-through decoration-muted")}>
            {name}
          </span>
          <span className="min-w-0 truncate text-xs text-muted">{directory}</span>
        </span>
        <span className="sr-only">, {kindWord(kind)}</span>
      </button>
      {mayDiscard && (
        <RowButton
          tabbable={tabbable}
          onFocus={onFocus}
          label={`${giveUp} ${directory}${name}`}
          title={`${giveUp}…`}
          press={discard}
        >
          {area === "untracked" ? <Trash2 aria-hidden /> : <Undo2 aria-hidden />}
        </RowButton>
      )}
      <RowButton
        tabbable={tabbable}
        onFocus={onFocus}
        label={`${move} ${directory}${name}`}
        title={move}
        press={() => (area === "staged" ? unstage(change) : stage(change))}
      >
        {area === "staged" ? <Minus aria-hidden /> : <Plus aria-hidden />}
      </RowButton>
    </div>
  );
});
