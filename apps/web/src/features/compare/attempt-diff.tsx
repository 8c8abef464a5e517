import { CircleSlash, FileCheck, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { DiffLines } from "../../components/diff/diff-lines.tsx";
import { LoadingLines } from "../../components/loading-lines.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button } from "../../components/ui/button.tsx";
import { toProblem } from "../../problem.ts";
import { Stopped } from "./attempt-state.tsx";
import type { Attempt } from "./attempt.ts";
import { isChange, type ComparedFile } from "./changed-files.ts";
import { useFileDiff } from "./use-changes.ts";

interface AttemptDiffProps {
  attempt: Attempt;
  path: string;
  change: ComparedFile["changes"][number];
}

/** What one attempt did to one file. */
export function AttemptDiff({ attempt, path, change }: AttemptDiffProps) {
  const { data, error, isFetching, refetch } = useFileDiff(attempt, path, change);
  const { status } = attempt;
  if (data !== undefined && isChange(change)) {
    return (
      <>
        {status !== "running" && <p className="shrink-0 bg-warn-soft px-3 py-1 text-xs">As it was last seen.</p>}
        <DiffLines files={data} shape="unified" headers={false} />
      </>
    );
  }
  if (status === "removed") return <Said Icon={CircleSlash}>Its workspace was removed, and its files with it.</Said>;
  if (status === "creating") return <Said Icon={CircleSlash}>Its workspace is still being made.</Said>;
  if (status === "error") return <Said Icon={CircleSlash}>Its workspace could not be made.</Said>;
  if (status === "stopped") {
    return (
      <Said Icon={CircleSlash}>
        What it changed is read while it runs.
        <span className="mt-2 block [&_p]:justify-center">
          <Stopped attempt={attempt} />
        </span>
      </Said>
    );
  }
  if (change === "same") return <Said Icon={FileCheck}>It left this file as it was.</Said>;
  if (error !== null) {
    return (
      <div className="min-h-0 flex-1 overflow-y-auto p-3">
        <Notice tone="bad" title="The changes could not be read">
          <ProblemText problem={toProblem(error)} />
          <Button size="small" className="mt-3" busy={isFetching} onClick={() => void refetch()}>
            <RotateCw aria-hidden />
            Try again
          </Button>
        </Notice>
      </div>
    );
  }
  return <LoadingLines label="Comparing…" widths={["w-3/4", "w-1/2", "w-2/3"]} className="p-4" />;
}

function Said({ Icon, children }: { Icon: typeof FileCheck; children: ReactNode }) {
  return (
    <div className="m-auto max-w-60 px-4 py-6 text-center text-[0.8125rem] text-muted">
      <Icon className="mx-auto mb-2 size-5" aria-hidden />
      {children}
    </div>
  );
}
