import type { FileEntry } from "@ws/rpc-contract";
import { ChevronRight, File, FileLock2, FileSymlink, FileQuestion, Folder, FolderOpen } from "lucide-react";
import type { CSSProperties, ReactNode } from "react";
import { cn } from "../../components/ui/cn.ts";
import { visible } from "../../components/visible.ts";
import type { NoteRow, Row } from "./tree.ts";

interface TreeRowProps {
  row: Row;
  style: CSSProperties;
  active: boolean;
  opened: boolean;
  unsaved: boolean;
  press: () => void;
  retry: () => void;
  menu: ReactNode;
  askForMenu: () => void;
}

export function rowId(path: string): string {
  return `file ${path}`.replace(/\s/g, "\u00a0");
}

const rowClass =
  "group/row absolute inset-x-1.5 top-0 flex items-center gap-1.5 rounded-md pr-1 text-[0.8125rem] select-none";

/** One line of the tree. */
export function TreeRow({ row, style, active, opened, unsaved, press, retry, menu, askForMenu }: TreeRowProps) {
  const indent = { paddingLeft: `${0.375 + (row.level - 1) * 0.875}rem` };
  if (row.kind === "note") {
    return (
      <div
        role="treeitem"
        aria-level={row.level}
        aria-selected={false}
        className={rowClass}
        style={{ ...style, ...indent }}
      >
        <Note note={row.note} retry={retry} />
      </div>
    );
  }
  const { entry, level, expanded, position, siblings, path } = row;
  return (
    // The tree has the focus and hears the keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={rowId(path)}
      role="treeitem"
      data-path={path}
      aria-label={[visible(entry.name), unsaved && "not saved", entry.protected === true && "protected"]
        .filter(Boolean)
        .join(", ")}
      aria-level={level}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-selected={opened}
      {...(expanded === undefined ? {} : { "aria-expanded": expanded })}
      title={titleOf(entry)}
      className={cn(
        rowClass,
        "cursor-pointer",
        opened ? "bg-accent-soft font-medium text-accent" : "hover:bg-raised",
        active &&
          "group-focus-visible/tree:outline-2 group-focus-visible/tree:-outline-offset-2 group-focus-visible/tree:outline-accent",
      )}
      style={{ ...style, ...indent }}
      onClick={press}
      onContextMenu={(event) => {
        event.preventDefault();
        askForMenu();
      }}
    >
      <ChevronRight
        aria-hidden
        className={cn(
          "size-3.5 shrink-0 text-muted transition-transform",
          expanded === undefined && "invisible",
          expanded === true && "rotate-90",
        )}
      />
      <EntryIcon entry={entry} expanded={expanded === true} />
      <span className="min-w-0 flex-1 truncate">{visible(entry.name)}</span>
      {unsaved && <span className="size-2 shrink-0 rounded-full bg-warn" title="Not saved" />}
      {/* The button is for the pointer; the keyboard has the menu key. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
      <span className="contents" onClick={(event) => event.stopPropagation()}>
        {menu}
      </span>
    </div>
  );
}

function EntryIcon({ entry, expanded }: { entry: FileEntry; expanded: boolean }) {
  const look = cn("size-4 shrink-0", entry.type === "directory" ? "text-accent" : "text-muted");
  if (entry.type === "directory") {
    return expanded ? <FolderOpen className={look} aria-hidden /> : <Folder className={look} aria-hidden />;
  }
  if (entry.protected === true) return <FileLock2 className={look} aria-hidden />;
  if (entry.type === "symlink") return <FileSymlink className={look} aria-hidden />;
  if (entry.type === "other") return <FileQuestion className={look} aria-hidden />;
  return <File className={look} aria-hidden />;
}

function titleOf({ name: given, target, protected: isProtected }: FileEntry): string {
  const name = visible(given);
  if (target !== undefined) return `${name} → ${visible(target)}`;
  return isProtected === true ? `${name} is protected by the policy` : name;
}

function Note({ note, retry }: { note: NoteRow["note"]; retry: () => void }) {
  if (note.kind === "loading") {
    return (
      <span className="ml-5 h-3.5 w-28 animate-breathe rounded-md bg-raised">
        <span className="sr-only">Loading…</span>
      </span>
    );
  }
  if (note.kind === "failed") {
    return (
      <span className="ml-5 flex min-w-0 flex-1 items-center gap-2 text-bad" title={note.problem.next}>
        <span className="truncate">{note.problem.message}</span>
        <button type="button" className="shrink-0 rounded font-medium underline" onClick={retry}>
          Try again
        </button>
      </span>
    );
  }
  return (
    <span className="ml-5 truncate text-muted">
      {note.kind === "empty" ? "Nothing in it" : "There are more: search for a name to reach them"}
    </span>
  );
}
