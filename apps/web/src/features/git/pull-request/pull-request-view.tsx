import type { WorkspaceInfo } from "@ws/rpc-contract";
import { useState } from "react";
import { useGitPanel } from "../use-git.ts";
import { localProject } from "../../../components/local-project.ts";
import { NoForge } from "./no-forge.tsx";
import { OpenForm } from "./open-form.tsx";
import { PullRequestCard } from "./pull-request-card.tsx";

/** The pull request of a workspace's branch, or what opens one. */
export function PullRequestView({ workspace }: { workspace: WorkspaceInfo }) {
  const { pullRequest, repo, branch = "BRANCH" } = workspace;
  const { status } = useGitPanel();
  const project = localProject(repo);
  const [again, setAgain] = useState(false);
  const over = pullRequest !== undefined && pullRequest.state !== "open";
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 py-5 sm:px-6">
      <div className="max-w-2xl space-y-5">
        {pullRequest !== undefined && (
          <PullRequestCard
            workspace={workspace}
            pullRequest={pullRequest}
            openAnother={over ? () => setAgain(true) : undefined}
          />
        )}
        {project !== undefined && <NoForge project={project} branch={status.branch ?? branch} />}
        {project === undefined && (pullRequest === undefined || (over && again)) && (
          <OpenForm workspace={workspace} onOpened={() => setAgain(false)} />
        )}
      </div>
    </div>
  );
}
