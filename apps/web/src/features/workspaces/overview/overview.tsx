import type { WorkspaceInfo } from "@ws/rpc-contract";
import type { ReactNode } from "react";
import { Notice } from "../../../components/notice.tsx";
import { ProblemText } from "../../../components/problem-text.tsx";
import { failureTitle } from "../status.ts";
import { CurrentTask } from "./current-task.tsx";
import { Facts } from "./facts.tsx";
import { PullRequestNow } from "./pull-request-now.tsx";
import { Reach } from "./reach.tsx";
import { Startup } from "./startup.tsx";

interface WorkspaceOverviewProps {
  workspace: WorkspaceInfo;
  /** What it uses. */
  resources: ReactNode;
}

/** What there is to know about a workspace: what became of its work, what goes on, what it uses, how it came up, what is fixed, and how it is reached. */
export default function WorkspaceOverview({ workspace, resources }: WorkspaceOverviewProps) {
  const { failure } = workspace;
  return (
    <div className="space-y-8">
      {failure !== undefined && (
        <Notice tone="bad" title={failureTitle(workspace, failure.step)}>
          <ProblemText problem={failure} />
        </Notice>
      )}
      <div className="grid gap-3 sm:grid-cols-2">
        <PullRequestNow workspace={workspace} />
        <CurrentTask workspace={workspace} />
      </div>
      {resources}
      <div className="grid items-start gap-x-10 gap-y-8 lg:grid-cols-2">
        <Startup workspace={workspace} />
        <Reach workspace={workspace} />
      </div>
      <Facts workspace={workspace} />
    </div>
  );
}
