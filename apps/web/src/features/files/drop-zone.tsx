import { useEffect, useRef, useState, type DragEvent as ReactDragEvent, type ReactNode } from "react";
import { cn } from "../../components/ui/cn.ts";
import { visible } from "../../components/visible.ts";
import { parentOf } from "../../file-paths.ts";

interface DropZoneProps {
  children: ReactNode;
  onDrop: (transfer: DataTransfer, folder: string) => void;
  className?: string;
}

/** Takes files and folders that are let go of over it: into the folder below the pointer, else into the workspace's directory. */
export function DropZone({ children, onDrop, className }: DropZoneProps) {
  const [over, setOver] = useState<string>();
  /** Of elements entered and not left: each child says so too. */
  const depth = useRef(0);
  useEffect(() => {
    window.addEventListener("dragover", refuseFiles);
    window.addEventListener("drop", refuseFiles);
    return () => {
      window.removeEventListener("dragover", refuseFiles);
      window.removeEventListener("drop", refuseFiles);
    };
  }, []);
  return (
    // A pointer's way; the keyboard has the menu's dialogs.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={cn("relative flex min-h-0 flex-1 flex-col", className)}
      onDragEnter={(event) => {
        if (carriesFiles(event)) depth.current += 1;
      }}
      onDragOver={(event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
        setOver(folderAt(event.target));
      }}
      onDragLeave={() => {
        depth.current = Math.max(0, depth.current - 1);
        if (depth.current === 0) setOver(undefined);
      }}
      onDrop={(event) => {
        depth.current = 0;
        setOver(undefined);
        if (!carriesFiles(event)) return;
        event.preventDefault();
        onDrop(event.dataTransfer, folderAt(event.target));
      }}
    >
      {children}
      {over !== undefined && (
        <div className="pointer-events-none absolute inset-1 z-10 flex items-end justify-center rounded-lg border-2 border-dashed border-accent bg-accent-soft/60 p-3">
          <p className="max-w-full truncate rounded-lg bg-surface px-3 py-1.5 text-[0.8125rem] font-medium shadow-float">
            Upload into {over === "" ? "the workspace's directory" : visible(over)}
          </p>
        </div>
      )}
    </div>
  );
}

function carriesFiles({ dataTransfer }: Pick<ReactDragEvent, "dataTransfer">): boolean {
  return dataTransfer.types.includes("Files");
}

/** What is let go of beside it would be opened by the browser in the dashboard's place. */
function refuseFiles(event: DragEvent): void {
  const { dataTransfer, defaultPrevented } = event;
  if (defaultPrevented || dataTransfer === null || !carriesFiles({ dataTransfer })) return;
  event.preventDefault();
  dataTransfer.dropEffect = "none";
}

function folderAt(target: EventTarget): string {
  const row = target instanceof Element ? target.closest<HTMLElement>("[data-path]") : null;
  if (row === null) return "";
  const path = row.dataset["path"] ?? "";
  return row.hasAttribute("aria-expanded") ? path : parentOf(path);
}
