import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useImperativeHandle, useRef, useState, type KeyboardEvent, type Ref } from "react";
import { useRangeWith } from "../../components/virtual-range.ts";
import { FileMenu, type FileMenuProps } from "./file-menu.tsx";
import { rowId, TreeRow } from "./tree-row.tsx";
import { moveOf, typedAhead } from "./tree-keys.ts";
import type { EntryRow, Row } from "./tree.ts";

interface FileTreeProps {
  ref: Ref<HTMLDivElement>;
  label: string;
  rows: readonly Row[];
  active: string | undefined;
  /** The path whose content is shown beside it. */
  opened: string | undefined;
  /** Paths with changes that are not saved. */
  unsaved: ReadonlySet<string>;
  activate: (path: string) => void;
  /** `enter` where the keys are to go into the file. */
  open: (row: EntryRow, how: { enter: boolean }) => void;
  expand: (path: string) => void;
  collapse: (path: string) => void;
  rename: (row: EntryRow) => void;
  remove: (row: EntryRow) => void;
  retry: (folder: string) => void;
  /** What can be done to a row, behind its button. */
  menu: Pick<FileMenuProps, "ask" | "upload" | "download">;
}

/** How long letters typed after another make one beginning of a name. */
const TYPING_MS = 700;

/** Only what is in sight is in the page. One of its rows is active; the focus stays on the tree itself. */
export function FileTree(props: FileTreeProps) {
  const { ref, label, rows, active, opened, unsaved, activate, open, expand, collapse, rename, remove, retry, menu } =
    props;
  const frame = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => frame.current as HTMLDivElement, []);
  const typed = useRef({ text: "", at: 0 });
  const [menuAt, setMenuAt] = useState<string>();
  const [coarse] = useState(() => matchMedia("(pointer: coarse)").matches);
  const rowHeight = coarse ? 44 : 28;
  const activeAt = rows.findIndex((row) => row.kind === "entry" && row.path === active);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    rangeExtractor: useRangeWith(activeAt),
  });

  useEffect(() => {
    if (activeAt >= 0) virtualizer.scrollToIndex(activeAt, { align: "auto" });
    // Not while others come and go above it.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [active, activeAt >= 0, virtualizer]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const letters = typed.current;
    const typing = event.timeStamp - letters.at < TYPING_MS;
    const isLetter = event.key.length === 1 && (event.key !== " " || (typing && letters.text !== ""));
    if (isLetter) {
      event.preventDefault();
      typed.current = { text: (typing ? letters.text : "") + event.key, at: event.timeStamp };
      const found = typedAhead(rows, active, typed.current.text);
      if (found !== undefined) activate(found);
      return;
    }
    if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
      event.preventDefault();
      if (activeAt >= 0) setMenuAt(active);
      return;
    }
    const page = Math.max(1, Math.floor((frame.current?.clientHeight ?? 0) / rowHeight) - 1);
    const move = moveOf(event.key, rows, active, page);
    if (move === undefined) return;
    event.preventDefault();
    switch (move.kind) {
      case "activate":
        return activate(move.path);
      case "expand":
        return expand(move.path);
      case "collapse":
        return collapse(move.path);
      case "open":
        return open(move.row, { enter: event.key === "Enter" });
      case "rename":
        return rename(move.row);
      case "remove":
        return remove(move.row);
    }
  };

  return (
    <div
      ref={frame}
      role="tree"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={activeAt < 0 ? undefined : rowId(active ?? "")}
      className="group/tree min-h-0 flex-1 overflow-y-auto outline-none [scrollbar-gutter:stable]"
      onKeyDown={onKeyDown}
      onFocus={() => {
        const first = rows.find((row) => row.kind === "entry");
        if (activeAt < 0 && first !== undefined) activate(first.path);
      }}
    >
      <div role="none" className="relative my-1" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start, size }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const key = row.kind === "entry" ? row.path : `${row.path}\0${row.note.kind}`;
          return (
            <TreeRow
              key={key}
              row={row}
              style={{ height: size, transform: `translateY(${start}px)` }}
              active={row.kind === "entry" && row.path === active}
              opened={row.kind === "entry" && row.path === opened}
              unsaved={row.kind === "entry" && unsaved.has(row.path)}
              press={() => {
                frame.current?.focus({ preventScroll: true });
                if (row.kind === "note") return;
                activate(row.path);
                open(row, { enter: false });
              }}
              retry={() => retry(row.path)}
              menu={
                row.kind === "entry" && (
                  <FileMenu
                    {...menu}
                    row={row}
                    opened={menuAt === row.path}
                    setOpened={(isOpen) => {
                      if (isOpen) activate(row.path);
                      setMenuAt(isOpen ? row.path : undefined);
                    }}
                    focusTree={() => frame.current?.focus({ preventScroll: true })}
                  />
                )
              }
              askForMenu={() => {
                activate(row.path);
                setMenuAt(row.path);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}
