import { cn } from "./ui/cn.ts";
import { Skeleton } from "./ui/skeleton.tsx";

interface LoadingLinesProps {
  /** For those who do not see the lines. */
  label: string;
  /** Of each line: `w-40`. */
  widths: readonly string[];
  className?: string;
}

/** Stands where lines of text will be. */
export function LoadingLines({ label, widths, className }: LoadingLinesProps) {
  return (
    <div role="status" className={cn("space-y-3", className)}>
      <span className="sr-only">{label}</span>
      {widths.map((width) => (
        <Skeleton key={width} className={cn("h-3.5 max-w-full", width)} />
      ))}
    </div>
  );
}
