import { FilePlus2, FolderPlus, FolderUp, Plus, RotateCw, Search, Upload } from "lucide-react";
import { Button } from "../../components/ui/button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "../../components/ui/dropdown-menu.tsx";
import { Input } from "../../components/ui/input.tsx";
import { Tooltip } from "../../components/ui/tooltip.tsx";

interface TreeToolbarProps {
  query: string;
  setQuery: (query: string) => void;
  newFile: () => void;
  newFolder: () => void;
  upload: (kind: "files" | "folder") => void;
  refresh: () => void;
}

/** The line over the tree. */
export function TreeToolbar({ query, setQuery, newFile, newFolder, upload, refresh }: TreeToolbarProps) {
  return (
    <div className="flex min-h-11 shrink-0 items-center gap-1 border-b border-line px-2 py-1">
      <div className="relative min-w-0 flex-1">
        <Search
          className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted"
          aria-hidden
        />
        <Input
          type="search"
          aria-label="Search files"
          placeholder="Search files"
          className="h-8 pl-8 text-[0.8125rem] pointer-coarse:h-10"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => event.key === "Escape" && setQuery("")}
        />
      </div>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="ghost" size="iconSmall" aria-label="Add files">
            <Plus aria-hidden />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          <DropdownMenuItem onSelect={newFile}>
            <FilePlus2 aria-hidden />
            New file…
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={newFolder}>
            <FolderPlus aria-hidden />
            New folder…
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem onSelect={() => upload("files")}>
            <Upload aria-hidden />
            Upload files…
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => upload("folder")}>
            <FolderUp aria-hidden />
            Upload a folder…
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <Tooltip content="List the files again">
        <Button variant="ghost" size="iconSmall" aria-label="List the files again" onClick={refresh}>
          <RotateCw aria-hidden />
        </Button>
      </Tooltip>
    </div>
  );
}
