import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createSubject, sh } from "./testing/subject.ts";

describe.each(["bubblewrap", "none"] as const)("with the sandbox %s", (sandbox) => {
  test("a workspace is provisioned, worked in, finalized to a pull request and cleaned up", async () => {
    await using s = await createSubject(sandbox);
    const repository = await s.repository({ private: true });
    const service = await s.service();
    const workspace = await service.provision({
      repo: repository.url,
      baseBranch: "main",
      execution: { id: "exec-123", patternName: "code-review" },
      task: { id: "task-1", role: "engineer", slug: "implement-auth" },
      user: { id: "user-456" },
      credentials: { type: "pat", token: s.token, provider: "github" },
    });
    expect(workspace).toEqual({
      id: expect.stringMatching(/^ws-[0-9a-f]{12}$/) as string,
      path: join(s.directory, workspace.id),
      repo: repository.url,
      branch: {
        name: "parallax/exec-123/engineer/implement-auth",
        baseBranch: "main",
        executionId: "exec-123",
        role: "engineer",
        createdAt: expect.any(Date) as Date,
      },
      credential: {
        id: expect.stringMatching(/^grant-/) as string,
        type: "pat",
        provider: expect.any(String) as string,
        host: new URL(s.github.url).host,
        expiresAt: expect.any(Date) as Date,
      },
      provisionedAt: expect.any(Date) as Date,
      status: "ready",
      strategy: "clone",
    });
    expect(existsSync(join(workspace.path, ".git/config"))).toBe(true);
    expect(await sh(service, workspace.id, "git status --porcelain; git symbolic-ref --short HEAD")).toBe(
      workspace.branch.name,
    );
    const helper = readFileSync(join(workspace.path, ".parallax-credentials"), "utf8");
    expect(helper).toContain(`# Workspace: ${workspace.id}
# Execution: exec-123
# Expires: 20`);
    expect(helper).not.toContain(s.token);

    expect(service.get(workspace.id)).toEqual(workspace);
    expect(service.getForExecution("exec-123")).toEqual([workspace]);

    await sh(service, workspace.id, "echo login > login.txt && git add -A && git commit -qm 'Add a login'");
    const pr = await service.finalize(workspace.id, {
      push: true,
      createPr: true,
      pr: {
        title: "feat: implement user authentication",
        body: "## Summary\nImplemented OAuth2 authentication flow.",
        targetBranch: "main",
        draft: false,
        labels: ["enhancement", "parallax"],
        reviewers: ["tech-lead"],
      },
      cleanup: true,
    });
    expect(pr).toEqual({
      number: 1,
      url: `${repository.url}/pull/1`,
      state: "open",
      sourceBranch: workspace.branch.name,
      targetBranch: "main",
      title: "feat: implement user authentication",
      executionId: "exec-123",
      createdAt: expect.any(Date) as Date,
    });
    expect(existsSync(workspace.path)).toBe(false);
    expect(service.get(workspace.id)).toMatchObject({ status: "cleaned_up", branch: { pullRequest: pr } });
    expect(service.list()).toEqual([]);
    expect(s.events.map(({ type }) => type)).toEqual([
      "workspace:provisioning",
      "credential:granted",
      "workspace:ready",
      "workspace:finalizing",
      "pr:created",
      "credential:revoked",
      "workspace:cleaned_up",
    ]);
  });
});
