import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Command } from "../command.tsx";
import { cn } from "./cn.ts";

interface EmptyStateProps {
  Icon: LucideIcon;
  title: ReactNode;
  /** One sentence: what would be here. */
  children?: ReactNode;
  /** The button that makes the first one. */
  action?: ReactNode;
  /** What does the same on the command line. */
  command?: string;
  className?: string;
}

/** Where nothing is yet: what would be here, and how the first one is made. */
export function EmptyState({ Icon, title, children, action, command, className }: EmptyStateProps) {
  return (
    <div
      className={cn(
        "flex flex-col items-center rounded-xl border border-dashed border-line px-5 py-10 text-center",
        className,
      )}
    >
      <span className="mb-3 flex size-10 items-center justify-center rounded-full bg-accent-soft text-accent">
        <Icon className="size-5" aria-hidden />
      </span>
      <h2 className="font-medium">{title}</h2>
      {children !== undefined && <div className="mt-1 max-w-md text-sm text-balance text-muted">{children}</div>}
      {action !== undefined && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
      {command !== undefined && <Command className="mt-4 max-w-full">{command}</Command>}
    </div>
  );
}
