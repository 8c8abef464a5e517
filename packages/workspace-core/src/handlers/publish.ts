import type { PolicyRules } from "../policy/rules.ts";

/** What a pipeline writes to a workspace; the names are those that pipelines are configured with. */
export interface PublishSettings {
  /** The workspace's name. */
  repo: string;
  /** Files and directories, as a policy's patterns. */
  writable_paths: readonly string[];
  /** `current`, where absent, is whatever branch is checked out. */
  branch_mode?: "current" | "fixed";
  /** The branch that is published to where the mode is `fixed`; on another one nothing is committed or pushed. */
  fixed_branch?: string;
  commit_enabled?: boolean;
  push_enabled?: boolean;
  /** Of commits that come without a message; in it `{message}` is the one that is given, `{repo}` the workspace. */
  commit_message?: string;
}

export function publishRules(settings: PublishSettings): PolicyRules {
  const { writable_paths: writablePaths, branch_mode: mode, fixed_branch: branch } = settings;
  return {
    writablePaths,
    commit: settings.commit_enabled === true,
    push: settings.push_enabled === true,
    ...(mode === "fixed" && branch !== undefined ? { fixedBranch: branch } : {}),
  };
}
