import type { Problem } from "../problem.ts";
import { cn } from "./ui/cn.ts";

/** A problem in full: the sentence, the next step, and, small, the code to search for. */
export function ProblemText({ problem, className }: { problem: Problem; className?: string }) {
  return (
    <div className={cn("space-y-1 text-sm text-muted", className)}>
      <p className="break-words text-ink">{problem.message}</p>
      {problem.next !== undefined && <p className="break-words">{problem.next}</p>}
      <p className="text-[0.6875rem] leading-4">
        Error code <code className="font-mono">{problem.code}</code>
      </p>
    </div>
  );
}
