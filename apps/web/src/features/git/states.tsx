import { RotateCw, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Notice } from "../../components/notice.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button } from "../../components/ui/button.tsx";
import { toProblem } from "../../problem.ts";

/** In the place of what there is none of. */
export function Nothing({ Icon, title, children }: { Icon: LucideIcon; title: string; children?: ReactNode }) {
  return (
    <div className="m-auto px-6 py-10 text-center">
      <Icon className="mx-auto size-7 text-muted" aria-hidden />
      <h2 className="mt-3 font-semibold">{title}</h2>
      {children !== undefined && <p className="mx-auto mt-1 max-w-sm text-sm text-muted">{children}</p>}
    </div>
  );
}

interface FailedProps {
  title: string;
  query: { error: unknown; isFetching: boolean; refetch: () => Promise<unknown> };
}

/** In the place of what could not be read. */
export function Failed({ title, query: { error, isFetching, refetch } }: FailedProps) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-4 sm:p-6">
      <Notice tone="bad" title={title} urgent className="mx-auto max-w-xl">
        <ProblemText problem={toProblem(error)} />
        <Button size="small" className="mt-3" busy={isFetching} onClick={() => void refetch()}>
          <RotateCw aria-hidden />
          Try again
        </Button>
      </Notice>
    </div>
  );
}
