import type { UseQueryResult } from "@tanstack/react-query";
import { Notice } from "../../components/notice.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button } from "../../components/ui/button.tsx";
import { toProblem } from "../../problem.ts";

interface FailedQueryProps {
  query: Pick<UseQueryResult, "error" | "isFetching" | "refetch">;
  title: string;
}

/** What was in the way of asking the worker, with another try; nothing where it answered. What was known before stays below it. */
export function FailedQuery({ query: { error, isFetching, refetch }, title }: FailedQueryProps) {
  if (error === null) return null;
  return (
    <Notice tone="bad" title={title} urgent className="mb-5">
      <ProblemText problem={toProblem(error)} />
      <Button size="small" className="mt-3" busy={isFetching} onClick={() => void refetch()}>
        Try again
      </Button>
    </Notice>
  );
}
