import { cn } from "./ui/cn.ts";
import { CopyButton } from "./ui/copy-button.tsx";

/** A command to type, with a button that copies it. */
export function Command({ children, className }: { children: string; className?: string }) {
  return (
    <div
      className={cn(
        "flex items-center gap-1 rounded-lg border border-line bg-ground py-1 pr-1 pl-3 text-left",
        className,
      )}
    >
      <code className="min-w-0 flex-1 font-mono text-[0.8125rem] break-words text-ink">
        <span className="text-muted select-none" aria-hidden>
          ${" "}
        </span>
        {children}
      </code>
      <CopyButton text={children} label="Copy command" />
    </div>
  );
}
