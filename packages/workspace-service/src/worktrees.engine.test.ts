import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createLeapingClock } from "./testing/leaping-clock.ts";
import { createSubject, sh } from "./testing/subject.ts";

test.each(["bubblewrap", "none"] as const)(
  "worktrees are workspaces of their own in one place, each with its branch and pull request (sandbox %s)",
  async (sandbox) => {
    await using s = await createSubject(sandbox);
    const repository = await s.repository({ private: true });
    await repository.push("develop", { path: "develop.txt" });
    const service = await s.service();
    const parent = await service.provision({
      repo: repository.url,
      execution: { id: "exec-1" },
      task: { role: "engineer", slug: "auth" },
      credentials: { type: "pat", token: s.token },
    });
    const review = await service.provision({
      repo: repository.url,
      strategy: "worktree",
      parentWorkspace: parent.id,
      baseBranch: "develop",
      task: { role: "reviewer", slug: "security-review" },
    });
    expect(review).toMatchObject({
      id: expect.stringMatching(/^wt-/) as string,
      strategy: "worktree",
      status: "ready",
      parentWorkspaceId: parent.id,
      repo: repository.url,
      branch: {
        name: "parallax/exec-1/reviewer/security-review",
        baseBranch: "develop",
        executionId: "exec-1",
        role: "reviewer",
      },
      credential: { type: "pat" },
    });
    const other = await service.addWorktree(parent.id);
    expect(other.branch.name).toBe(`parallax/exec-1/engineer/${other.id}`);
    expect(service.listWorktrees(parent.id).map(({ id }) => id)).toEqual([review.id, other.id]);
    expect(service.get(parent.id)?.worktreeIds).toEqual([review.id, other.id]);
    expect(service.getForExecution("exec-1").map(({ id }) => id)).toEqual([parent.id, review.id, other.id]);
    expect(await sh(service, review.id, "pwd; ls; git symbolic-ref --short HEAD")).toBe(
      `${review.path}\nREADME.md\ndevelop.txt\n${review.branch.name}`,
    );
    expect(await sh(service, parent.id, "git status --porcelain")).toBe("");

    await sh(service, review.id, "echo finding > finding.txt");
    await expect(service.finalize(review.id, { push: true })).rejects.toMatchObject({ code: "uncommitted_work" });
    await expect(service.removeWorktree(review.id)).rejects.toMatchObject({ code: "unpushed_work" });
    expect(await service.cleanup(review.id)).toMatchObject({ kept: true, reason: "unpushed_work" });
    const pr = await service.finalize(review.id, {
      uncommitted: "commit",
      commitMessage: "Find",
      push: true,
      createPr: true,
      pr: { title: "A finding", reviewers: ["tech-lead"] },
      cleanup: true,
    });
    expect(pr).toMatchObject({
      number: 1,
      sourceBranch: review.branch.name,
      targetBranch: "develop",
      executionId: "exec-1",
    });
    expect(service.get(review.id)).toBeUndefined();
    expect(existsSync(review.path)).toBe(false);

    await sh(service, other.id, "git commit -q --allow-empty -m precious");
    expect(await service.cleanup(parent.id)).toMatchObject({ kept: true, reason: "unpushed_work" });
    await service.removeWorktree(other.id, { force: true });
    await service.removeWorktree(other.id);
    expect(service.get(parent.id)).not.toHaveProperty("worktreeIds");
    expect(await service.cleanup(parent.id)).toEqual({ kept: false });
    expect(
      s.events.map(({ type, workspaceId }) => `${type} ${workspaceId}`).filter((line) => line.includes("wt-")),
    ).toEqual([
      `worktree:added ${review.id}`,
      `worktree:added ${other.id}`,
      `pr:created ${review.id}`,
      `worktree:removed ${review.id}`,
      `worktree:removed ${other.id}`,
    ]);
  },
);

test("worktrees outlive their service, go with their workspace, and are made of workspaces only", async () => {
  await using s = await createSubject();
  const repository = await s.repository();
  const first = await s.service();
  const parent = await first.provision({ repo: repository.url });
  const tree = await first.addWorktree(parent.id, { branchName: "mine" });
  const second = await s.service();
  expect(second.get(tree.id)).toEqual(tree);
  expect(await sh(second, tree.id, "git symbolic-ref --short HEAD")).toBe("mine");
  await expect(second.addWorktree(tree.id)).rejects.toMatchObject({ code: "invalid_input" });
  await expect(second.addWorktree("ws-none")).rejects.toMatchObject({ code: "workspace_not_found" });
  await expect(second.addWorktree(parent.id, { branchName: "mine" })).rejects.toMatchObject({ code: "clone_failed" });
  await expect(second.addWorktree(parent.id, { branchName: "--force" })).rejects.toMatchObject({
    code: "invalid_input",
  });
  await expect(second.addWorktree(parent.id, { baseBranch: "none" })).rejects.toMatchObject({
    code: "branch_not_found",
  });
  await expect(second.provision({ repo: repository.url, strategy: "worktree" })).rejects.toMatchObject({
    code: "invalid_input",
  });
  expect(second.listWorktrees(parent.id).map(({ id }) => id)).toEqual([tree.id]);
  await second.cleanup(parent.id, { force: true });
  expect(second.get(tree.id)).toBeUndefined();
  expect(second.list({ cleanedUp: true }).map(({ id }) => id)).toEqual([parent.id]);
});

test("a worktree may be pushed as long as it is there, and by force only while that was asked for", async () => {
  await using s = await createSubject();
  const repository = await s.repository({ private: true });
  const service = await s.service();
  const credentials = { type: "pat", token: s.token } as const;
  const parent = await service.provision({ repo: repository.url, credentials });
  const tree = await service.addWorktree(parent.id);
  const name = tree.branch.name;
  for (const id of [parent.id, tree.id]) {
    await sh(service, id, "git commit -q --allow-empty -m first");
    await service.push(id);
    await sh(service, id, "git commit -q --amend --allow-empty -m second");
    await expect(service.push(id)).rejects.toMatchObject({ code: "push_failed" });
    const { commit } = await service.push(id, { force: true });
    expect(await sh(service, id, "git rev-parse HEAD")).toBe(commit);
    const rewritten = sh(
      service,
      id,
      "git commit -q --amend --allow-empty -m third && git push -q --force origin HEAD",
    );
    await expect(rewritten).rejects.toThrow("may not");
    await sh(service, id, `git reset -q --hard ${commit}`);
  }
  await expect(service.addWorktree(parent.id, { branchName: name })).rejects.toMatchObject({ code: "clone_failed" });
  await sh(service, tree.id, "git commit -q --allow-empty -m more && git push -q origin HEAD");
  await service.removeWorktree(tree.id);
  const forward = `$(git commit-tree -m x -p origin/${name} origin/${name}^{tree})`;
  const refused = sh(service, parent.id, `git push -q origin ${forward}:refs/heads/${name}`);
  await expect(refused).rejects.toThrow(/may (?:not|only)/);
  await service.push(parent.id);
});

test("what the end of its time stopped is worked with and cleaned up, worktrees and all, each by itself", async () => {
  await using s = await createSubject();
  const clock = createLeapingClock();
  const service = await s.service({ clock, workspaceTtlSeconds: 60 });
  const repository = await s.repository();
  const execution = { id: "exec-ttl" };
  const task = { role: "engineer", slug: "long" };
  const parent = await service.provision({ repo: repository.url, execution, task });
  const [busy, idle] = [await service.addWorktree(parent.id), await service.addWorktree(parent.id)];
  await sh(service, parent.id, "echo work > work.txt");
  await sh(service, busy.id, "echo work > work.txt");
  const isStopped = (): Promise<string> => sh(service, parent.id, "true").catch((error: Error) => error.message);
  const stop = async (): Promise<void> => {
    clock.leap(61_000);
    await expect.poll(isStopped, { timeout: 60_000 }).toContain("not running");
  };
  await stop();
  await service.finalize(busy.id, { uncommitted: "commit", commitMessage: "Keep", push: false });
  await stop();
  const lost = await service.provision({ repo: repository.url, execution, task: { role: "engineer", slug: "lost" } });
  const within = await service.addWorktree(lost.id);
  rmSync(lost.path, { recursive: true });
  const ended = await service.cleanupForExecution("exec-ttl");
  expect(ended.map(({ id, kept }) => [id, kept])).toEqual([
    [busy.id, true],
    [idle.id, false],
    [within.id, true],
    [parent.id, true],
    [lost.id, true],
  ]);
  for (const { id } of [busy, parent, lost]) await service.cleanup(id, { force: true });
  expect(service.getForExecution("exec-ttl")).toEqual([]);
});

test("what a workspace's rules refuse of a finalize is refused of its worktrees, secrets in files too", async () => {
  await using s = await createSubject();
  const first = await s.service();
  const parent = await first.provision({ repo: (await s.repository()).url });
  const tree = await first.addWorktree(parent.id, { branchName: "mine" });
  const all = { uncommitted: "commit", commitMessage: "All of it", push: false } as const;
  for (const { id } of [tree, parent]) {
    await sh(first, id, "echo TOKEN=1 > .env");
    await expect(first.finalize(id, all)).rejects.toMatchObject({ code: "path_not_allowed", data: { path: ".env" } });
  }
  expect(await sh(first, tree.id, "git log --format=%s -1; git status --short")).toBe("Add README.md\n?? .env");
  await first.close();
  const file = join(s.directory, ".state/workspaces", `${parent.id}.json`);
  const record = JSON.parse(readFileSync(file, "utf8")) as object;
  writeFileSync(file, JSON.stringify({ ...record, policy: { fixedBranch: parent.branch.name } }));
  const second = await s.service();
  const refused = { code: "branch_not_allowed", data: { rule: "fixedBranch" } };
  await expect(second.addWorktree(parent.id)).rejects.toMatchObject(refused);
  await expect(second.finalize(tree.id, { ...all, push: true })).rejects.toMatchObject(refused);
  expect(second.listWorktrees(parent.id).map(({ id }) => id)).toEqual([tree.id]);
});

test("a worktree whose making was cut off is taken back by the next service", async () => {
  await using s = await createSubject();
  const first = await s.service();
  const parent = await first.provision({ repo: (await s.repository()).url });
  const tree = await first.addWorktree(parent.id);
  await first.close();
  const file = join(s.directory, ".state/worktrees", `${tree.id}.json`);
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, "utf8")) as object), phase: "provisioning" }));
  const second = await s.service();
  expect(second.get(tree.id)).toBeUndefined();
  expect(existsSync(tree.path)).toBe(false);
  expect(await sh(second, parent.id, `git worktree list | wc -l; git branch --list ${tree.branch.name}`)).toBe("1");
});

test("one whose making was cut off on a branch that holds work is kept, as the branch is where there is no directory yet", async () => {
  await using s = await createSubject();
  const first = await s.service();
  const parent = await first.provision({ repo: (await s.repository()).url });
  await sh(first, parent.id, "git switch -q -c old && git commit -q --allow-empty -m precious && git switch -q -");
  await sh(first, parent.id, "git branch older old");
  const [made, unmade] = [
    await first.addWorktree(parent.id, { branchName: "old" }),
    await first.addWorktree(parent.id, { branchName: "older" }),
  ];
  await first.close();
  rmSync(unmade.path, { recursive: true });
  for (const { id } of [made, unmade]) {
    const file = join(s.directory, ".state/worktrees", `${id}.json`);
    writeFileSync(
      file,
      JSON.stringify({ ...(JSON.parse(readFileSync(file, "utf8")) as object), phase: "provisioning" }),
    );
  }
  const second = await s.service();
  expect(second.listWorktrees(parent.id).map(({ id, status }) => `${id} ${status}`)).toEqual([`${made.id} ready`]);
  expect(await sh(second, parent.id, "git log -1 --format=%s old && git log -1 --format=%s older")).toBe(
    "precious\nprecious",
  );
});
