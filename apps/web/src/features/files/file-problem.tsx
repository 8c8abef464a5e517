import type { ComponentType, ReactNode } from "react";
import { ProblemText } from "../../components/problem-text.tsx";
import type { Problem } from "../../problem.ts";

interface FileMessageProps {
  Icon: ComponentType<{ className?: string }>;
  title: string;
  children?: ReactNode;
  /** What a person can do next. */
  actions?: ReactNode;
  problem?: Problem;
}

/** What stands where a file's content would, where there is none to show. */
export function FileMessage({ Icon, title, children, actions, problem }: FileMessageProps) {
  return (
    <div className="flex min-h-0 flex-1 flex-col items-center justify-center overflow-y-auto px-6 py-10 text-center">
      <Icon className="size-9 shrink-0 text-muted" aria-hidden />
      <h2 className="mt-3 max-w-md text-base font-semibold break-words">{title}</h2>
      <div className="mt-1 max-w-md text-sm text-muted">{children}</div>
      {problem !== undefined && <ProblemText problem={problem} className="mt-1 max-w-md" />}
      {actions !== undefined && <div className="mt-5 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
