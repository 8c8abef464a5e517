import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../../components/ui/button.tsx";
import { visible } from "../../components/visible.ts";
import { baseOf, parentOf } from "../../file-paths.ts";

interface FileHeaderProps {
  path: string;
  unsaved?: boolean;
  leave: () => void;
  children?: ReactNode;
}

/** The line over a file: which one it is, and what can be done to it. */
export function FileHeader({ path, unsaved = false, leave, children }: FileHeaderProps) {
  const folder = parentOf(path);
  return (
    <div className="flex min-h-11 shrink-0 items-center gap-1.5 border-b border-line bg-surface px-2 py-1 sm:px-4">
      <Button variant="ghost" size="iconSmall" className="md:hidden" aria-label="Back to the files" onClick={leave}>
        <ArrowLeft aria-hidden />
      </Button>
      <h2 className="flex min-w-0 flex-1 items-baseline gap-2 text-sm font-medium" title={visible(path)}>
        <span className="truncate">{visible(baseOf(path))}</span>
        {folder !== "" && (
          // From the right, so that the nearest folder is what is left of a long one.
          <span className="min-w-0 truncate text-xs font-normal text-muted max-md:hidden" dir="rtl">
            <bdi>{visible(folder)}</bdi>
          </span>
        )}
        {unsaved && <span className="shrink-0 text-xs font-normal text-warn">not saved</span>}
      </h2>
      {children}
    </div>
  );
}
