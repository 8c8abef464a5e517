import type { ReactNode } from "react";
import { cn } from "./ui/cn.ts";

interface FootProps {
  commands: readonly string[];
  /** What else there is to know, before it. */
  children?: ReactNode;
  className?: string;
}

/** The end of a page: what does the same on the command line. */
export function Foot({ commands, children, className }: FootProps) {
  return (
    <p className={cn("mt-8 text-[0.8125rem] text-muted", className)}>
      {children} On the command line:{" "}
      {commands.map((command, at) => (
        <span key={command}>
          {at > 0 && ", "}
          <code className="font-mono">{command}</code>
        </span>
      ))}
    </p>
  );
}
