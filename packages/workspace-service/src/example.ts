import { configFromEnvironment, WorkspaceService, type WorkspaceServiceConfig } from "./index.ts";

/** Provisions a workspace, lets somebody work in it, and gives the pull request's address. */
export async function implement(
  repo: string,
  work: (workspace: { id: string; path: string }, service: WorkspaceService) => Promise<void>,
  more: WorkspaceServiceConfig = {},
): Promise<string | undefined> {
  // WS_WORKSPACES_DIR, WS_GITHUB_APP_ID and the others
  const config = { ...configFromEnvironment(process.env), ...more };
  await using service = new WorkspaceService({ config });
  await service.initialize(); // takes over what an earlier process left
  const workspace = await service.provision({
    repo, // github.com/org/repo
    baseBranch: "main",
    execution: { id: "exec-123", patternName: "code-review" },
    task: { id: "task-1", role: "engineer", slug: "implement-auth" },
    user: { id: "user-456" },
  });
  try {
    await work(workspace, service); // on the branch parallax/exec-123/engineer/implement-auth
    const pr = await service.finalize(workspace.id, {
      push: true,
      createPr: true,
      pr: { title: "feat: implement user authentication", labels: ["enhancement"], reviewers: ["tech-lead"] },
      cleanup: true,
    });
    return pr?.url; // https://github.com/org/repo/pull/123
  } catch (error) {
    // keeps what lies nowhere else, and says so
    const { kept, holder } = await service.cleanup(workspace.id);
    if (kept) console.error(`${workspace.path} is kept: it holds ${holder}`);
    throw error;
  }
}
