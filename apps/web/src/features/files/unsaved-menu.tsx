import { ChevronDown } from "lucide-react";
import { Button } from "../../components/ui/button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "../../components/ui/dropdown-menu.tsx";
import { visible } from "../../components/visible.ts";

interface UnsavedMenuProps {
  /** Of those that are not in sight. */
  paths: readonly string[];
  /** Whether a file is in sight, which these are beside. */
  others: boolean;
  open: (path: string) => void;
}

/** Leads back to every text that is not saved, also of files that are not in the tree any more. */
export function UnsavedMenu({ paths, others, open }: UnsavedMenuProps) {
  if (paths.length === 0) return null;
  return (
    <div className="flex shrink-0 items-center border-b border-line px-2 py-1">
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="ghost" size="small" className="min-w-0 flex-1 justify-start">
            <span className="size-2 shrink-0 rounded-full bg-warn" aria-hidden />
            <span className="flex-1 text-left">
              {paths.length.toLocaleString("en")} {others && "other "}
              {paths.length === 1 ? "file is" : "files are"} not saved
            </span>
            <ChevronDown aria-hidden />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="start" className="max-h-80 max-w-80 overflow-y-auto">
          {paths.map((path) => (
            <DropdownMenuItem key={path} onSelect={() => open(path)}>
              <span className="min-w-0 break-all">{visible(path)}</span>
            </DropdownMenuItem>
          ))}
        </DropdownMenuContent>
      </DropdownMenu>
    </div>
  );
}
