import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useEffectEvent, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useRangeWith } from "../../../components/virtual-range.ts";
import { useGitPanel } from "../use-git.ts";
import { ChangeRow } from "./change-row.tsx";
import { keyOf, toRows, type Area, type Change, type Group } from "./changes.ts";
import { DiscardDialog } from "./discard-dialog.tsx";
import { GroupRow } from "./group-row.tsx";

interface ChangeListProps {
  groups: readonly Group[];
  chosen: Change | undefined;
  choose: (change: Change) => void;
}

/** Coarse pointers need larger rows. */
const ROW = 32;
const COARSE_ROW = 44;

/** The groups of changed files. Only what is in sight is in the page, so that ten thousand are as quick as ten. */
export function ChangeList({ groups, chosen, choose }: ChangeListProps) {
  const { busy } = useGitPanel();
  const frame = useRef<HTMLDivElement>(null);
  const [folded, setFolded] = useState<ReadonlySet<Area>>(new Set());
  const [discarding, setDiscarding] = useState<readonly Change[]>();
  const [active, setActive] = useState(0);
  const rows = useMemo(() => toRows(groups, folded), [groups, folded]);
  const height = matchMedia("(pointer: coarse)").matches ? COARSE_ROW : ROW;
  const current = Math.min(active, rows.length - 1);
  // oxlint-disable-next-line react/incompatible-library -- what it returns is used here only
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => height,
    overscan: 12,
    rangeExtractor: useRangeWith(current),
  });

  const focus = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setActive(next);
    list.scrollToIndex(next);
    // Once the row is in the page.
    requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus());
  };
  // What was pressed goes to another group with its row, and took the focus along.
  const pressed = useRef(false);
  const takeBack = useEffectEvent(() => {
    if (busy !== undefined || !pressed.current) return;
    pressed.current = false;
    if (document.activeElement === document.body) focus(current);
  });
  useEffect(() => takeBack(), [busy, rows]);
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((frame.current?.clientHeight ?? 0) / height) - 1);
    const step: Record<string, number> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: rows.length - 1,
    };
    const next = step[event.key];
    if (next === undefined) return;
    event.preventDefault();
    focus(next);
  };
  const fold = (area: Area) =>
    setFolded((before) => {
      const after = new Set(before);
      if (!after.delete(area)) after.add(area);
      return after;
    });

  return (
    // Only listens to where a press went.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
    <div
      ref={frame}
      className="min-h-24 flex-1 overflow-y-auto py-1"
      onClickCapture={({ target }) => {
        const at = target instanceof Element ? target.closest<HTMLElement>("[data-at]")?.dataset["at"] : undefined;
        if (at === undefined || (target as Element).closest("[data-row]") !== null) return;
        setActive(Number(at));
        pressed.current = true;
      }}
    >
      <div role="list" aria-label="Changed files" className="relative" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map(({ index, start, size }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const place = {
            index,
            tabbable: index === current,
            onFocus: () => setActive(index),
            onKeyDown,
            style: { height: size, transform: `translateY(${start}px)` },
          };
          if (row.type === "group") {
            return (
              <GroupRow
                key={row.group.area}
                {...place}
                group={row.group}
                open={row.open}
                fold={() => fold(row.group.area)}
                discard={() => setDiscarding(row.group.changes)}
              />
            );
          }
          return (
            <ChangeRow
              key={keyOf(row.change)}
              {...place}
              row={row}
              chosen={chosen !== undefined && keyOf(chosen) === keyOf(row.change)}
              choose={() => choose(row.change)}
              discard={() => setDiscarding([row.change])}
            />
          );
        })}
      </div>
      {discarding !== undefined && (
        <DiscardDialog
          changes={discarding}
          close={() => setDiscarding(undefined)}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            focus(current);
          }}
        />
      )}
    </div>
  );
}
