import { CircleCheck, MousePointerClick } from "lucide-react";
import { useMemo } from "react";
import { cn } from "../../../components/ui/cn.ts";
import { Nothing } from "../states.tsx";
import { useGitAddress, type GitAddress } from "../use-address.ts";
import { useGitPanel } from "../use-git.ts";
import { ChangeDiff } from "./change-diff.tsx";
import { ChangeList } from "./change-list.tsx";
import { groupChanges, type Change } from "./changes.ts";
import { ReviewChanges } from "./review-changes.tsx";
import { CommitBox } from "./commit-box.tsx";

/** What has changed beside what a commit would take; on a phone one after the other. */
export function ChangesView() {
  const { status } = useGitPanel();
  const { change: wanted, go } = useGitAddress();
  const groups = useMemo(() => groupChanges(status.files), [status.files]);
  const chosen = find(groups, wanted);
  const choose = (change: Change | undefined) =>
    go(change === undefined ? {} : { change }, { replace: wanted !== undefined });
  if (groups.length === 0 && status.operation === undefined) {
    return (
      <Nothing Icon={CircleCheck} title="Nothing has changed">
        {status.head === undefined ? "There is no commit yet either." : "Every file is as it was last committed."}
      </Nothing>
    );
  }
  const shown = chosen !== undefined;
  return (
    <div className="flex min-h-0 flex-1">
      <div
        className={cn(
          "flex min-h-0 w-full min-w-0 flex-col border-line lg:w-[23rem] lg:shrink-0 lg:border-r",
          shown && "max-lg:hidden",
        )}
      >
        <ReviewChanges staged={groups.some(({ area }) => area === "staged")} />
        <ChangeList groups={groups} chosen={chosen} choose={choose} />
        <CommitBox groups={groups} />
      </div>
      <div className={cn("flex min-h-0 min-w-0 flex-1 flex-col", !shown && "max-lg:hidden")}>
        {chosen === undefined ? (
          <Nothing Icon={MousePointerClick} title="Choose a file">
            Its changes are shown here.
          </Nothing>
        ) : (
          <ChangeDiff key={`${chosen.area}:${chosen.path}`} change={chosen} back={() => choose(undefined)} />
        )}
      </div>
    </div>
  );
}

/** A file that was staged meanwhile is still what is looked at. */
function find(groups: ReturnType<typeof groupChanges>, wanted: GitAddress["change"]): Change | undefined {
  if (wanted === undefined) return undefined;
  const { area, path } = wanted;
  const all = groups.flatMap(({ changes }) => changes.filter((change) => change.path === path));
  return all.find((change) => change.area === area) ?? all[0];
}
