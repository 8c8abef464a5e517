import {
  Copy,
  Download,
  EllipsisVertical,
  FilePlus2,
  FolderPlus,
  PencilLine,
  Sparkles,
  Trash2,
  Upload,
} from "lucide-react";
import { useCodeActions } from "../../components/code-actions-context.ts";
import { Button } from "../../components/ui/button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "../../components/ui/dropdown-menu.tsx";
import { visible } from "../../components/visible.ts";
import type { FileAsk } from "./file-ask.ts";
import { baseOf } from "../../file-paths.ts";
import type { EntryRow } from "./tree.ts";

export interface FileMenuProps {
  row: EntryRow;
  opened: boolean;
  setOpened: (opened: boolean) => void;
  ask: (ask: FileAsk) => void;
  upload: (folder: string) => void;
  download: (path: string, kind: "file" | "folder") => void;
  /** Back to the tree, whose rows hear the keys. */
  focusTree: () => void;
}

/** What can be done to one row. The menu is made when it is opened: a tree has thousands of rows. */
export function FileMenu({ row, opened, setOpened, ask, upload, download, focusTree }: FileMenuProps) {
  const { path } = row;
  const askTool = useCodeActions();
  const isFolder = row.expanded !== undefined;
  const button = (
    <Button
      variant="ghost"
      size="iconSmall"
      tabIndex={-1}
      aria-label={`Actions for ${visible(baseOf(path))}`}
      aria-haspopup="menu"
      aria-expanded={opened}
      className="size-6 rounded-md opacity-0 group-hover/row:opacity-100 aria-expanded:opacity-100 pointer-coarse:size-9 pointer-coarse:opacity-100"
      onClick={() => setOpened(true)}
    >
      <EllipsisVertical aria-hidden />
    </Button>
  );
  if (!opened) return button;
  return (
    <DropdownMenu open onOpenChange={setOpened}>
      <DropdownMenuTrigger asChild>{button}</DropdownMenuTrigger>
      <DropdownMenuContent
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          focusTree();
        }}
      >
        {isFolder && (
          <>
            <DropdownMenuItem onSelect={() => ask({ kind: "newFile", folder: path })}>
              <FilePlus2 aria-hidden />
              New file…
            </DropdownMenuItem>
            <DropdownMenuItem onSelect={() => ask({ kind: "newFolder", folder: path })}>
              <FolderPlus aria-hidden />
              New folder…
            </DropdownMenuItem>
            <DropdownMenuItem onSelect={() => upload(path)}>
              <Upload aria-hidden />
              Upload files…
            </DropdownMenuItem>
            <DropdownMenuSeparator />
          </>
        )}
        <DropdownMenuItem
          disabled={row.entry.protected === true}
          onSelect={() => download(path, isFolder ? "folder" : "file")}
        >
          <Download aria-hidden />
          {isFolder ? "Download as zip" : "Download"}
        </DropdownMenuItem>
        {window.isSecureContext && (
          <DropdownMenuItem onSelect={() => void navigator.clipboard.writeText(path)}>
            <Copy aria-hidden />
            Copy path
          </DropdownMenuItem>
        )}
        {askTool !== undefined && !isFolder && row.entry.protected !== true && (
          <DropdownMenuItem onSelect={() => askTool({ about: path, context: { path } })}>
            <Sparkles aria-hidden />
            Ask a coding tool…
          </DropdownMenuItem>
        )}
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={() => ask({ kind: "rename", path, isFolder })} aria-keyshortcuts="F2">
          <PencilLine aria-hidden />
          Rename…
        </DropdownMenuItem>
        <DropdownMenuItem danger onSelect={() => ask({ kind: "remove", path, isFolder })} aria-keyshortcuts="Delete">
          <Trash2 aria-hidden />
          Delete…
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
