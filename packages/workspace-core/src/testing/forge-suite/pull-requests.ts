import { expect, test } from "vitest";
import { expectRefusal, type ForgeUnderTest, newPullRequest, passing } from "./under-test.ts";

export function pullRequestTests(current: () => ForgeUnderTest): void {
  test("opens a pull request and finds it by its branch", async () => {
    const { repository, open } = current();
    const served = await repository();
    await served.push("work");
    const made = await open(served).createPullRequest(newPullRequest("work", { title: "feat: work" }));
    expect(made).toMatchObject({ number: 1, url: `${served.url}/pull/1`, state: "open", draft: false });
    expect(made).toMatchObject({ sourceBranch: "work", targetBranch: "main", title: "feat: work" });
    expect(made.createdAt).toBeGreaterThan(0);
    expect(made).not.toHaveProperty("mergedAt");
    expect(await open(served).findPullRequest("work")).toEqual(made);
    expect(await open(served).pullRequest(1)).toEqual(made);
    expect(await open(served).findPullRequest("other")).toBeUndefined();
  });

  test("gives the open one of a branch instead of a second, also to ten that ask at once, also for another base", async () => {
    const { repository, open } = current();
    const served = await repository();
    await served.branch("release");
    await served.push("work");
    const asked = Array.from({ length: 10 }, () => open(served).createPullRequest(newPullRequest("work")));
    const numbers = new Set((await Promise.all(asked)).map(({ number }) => number));
    expect([...numbers]).toEqual([1]);
    const again = await open(served).createPullRequest(newPullRequest("work", { targetBranch: "release" }));
    expect(again).toMatchObject({ number: 1, targetBranch: "main" });
    expect(await served.pullRequests()).toHaveLength(1);
  });

  test("opens a new one where the last was closed", async () => {
    const { repository, open } = current();
    const served = await repository();
    await served.push("work");
    const first = await open(served).createPullRequest(newPullRequest("work"));
    await open(served).updatePullRequest(first.number, { state: "closed" });
    expect(await open(served).findPullRequest("work")).toBeUndefined();
    expect(await open(served).createPullRequest(newPullRequest("work"))).toMatchObject({ number: 2, state: "open" });
  });

  test("takes no fork's pull request for this repository's", async () => {
    const { repository, open } = current();
    const served = await repository();
    await served.push("work");
    await served.openFromFork("work");
    expect(await open(served).findPullRequest("work")).toBeUndefined();
    expect(await open(served).createPullRequest(newPullRequest("work"))).toMatchObject({ number: 2 });
    expect(await open(served).findPullRequest("work")).toMatchObject({ number: 2 });
  });

  test.each([
    ["a branch that was not pushed", "absent", {}],
    ["a base that is not there", "work", { targetBranch: "absent" }],
    ["a branch without a commit of its own", "same", {}],
    ["a draft in a repository that takes none", "work", { draft: true }],
  ])("refuses a pull request for %s, in words", async (_, branch, rest) => {
    const { repository, open } = current();
    const served = await repository({ drafts: false });
    await served.push("work");
    await served.branch("same");
    const error = await expectRefusal(
      open(served).createPullRequest(newPullRequest(branch, rest)),
      "pull_request_refused",
    );
    expect(error.message).toMatch(/pull request/);
    expect(error.data).toEqual({ branch });
    expect(await served.pullRequests()).toEqual([]);
  });

  test.each([
    ["letters of every kind", "feat: „Größe“ 修正 🚀 <b>&amp;</b>", "Ünï‑cödé 🎉\r\n\tпривет"],
    [
      "markdown",
      "fix(api): `a|b` *c* #1 @nobody",
      "## Why\n\n- [x] `a`\n\n```ts\nconst a = '\\\\n';\n```\n<!-- hidden -->",
    ],
    ["a long text", "t".repeat(250), "0123456789abcdef\n".repeat(3_000)],
    ["nothing to say", "t", ""],
  ])("keeps %s as it was written", async (_, title, body) => {
    const { repository, open } = current();
    const served = await repository();
    await served.push("work");
    const made = await open(served).createPullRequest(newPullRequest("work", { title, body }));
    expect(made.title).toBe(title);
    expect(await served.pullRequests()).toMatchObject([{ title, body }]);
  });

  test("changes title, body, base and state", async () => {
    const { repository, open } = current();
    const served = await repository();
    await served.branch("release");
    await served.push("work");
    const { number } = await open(served).createPullRequest(newPullRequest("work", { draft: true }));
    const changed = await open(served).updatePullRequest(number, {
      title: "new",
      body: "text",
      targetBranch: "release",
    });
    expect(changed).toMatchObject({ number, title: "new", targetBranch: "release", state: "open", draft: true });
    expect(await served.pullRequests()).toMatchObject([{ title: "new", body: "text", draft: true }]);
    expect(await open(served).updatePullRequest(number, { state: "closed" })).toMatchObject({ state: "closed" });
    expect(await open(served).updatePullRequest(number, { state: "open" })).toMatchObject({ state: "open" });
  });

  test("makes an open one a draft, and a draft ready for review, and repeating it changes nothing", async () => {
    const { repository, open } = current();
    const served = await repository();
    await served.push("work");
    const { number } = await open(served).createPullRequest(newPullRequest("work"));
    for (const draft of [true, true, false, false]) {
      expect(await open(served).updatePullRequest(number, { title: "new", draft })).toMatchObject({ draft });
      expect(await served.pullRequests()).toMatchObject([{ title: "new", draft }]);
    }
    expect(await open(served).updatePullRequest(number, { body: "text" })).toMatchObject({ draft: false });
  });

  test("refuses to make one a draft where the repository takes none, in words", async () => {
    const { repository, open } = current();
    const served = await repository({ drafts: false });
    await served.push("work");
    const { number } = await open(served).createPullRequest(newPullRequest("work"));
    const error = await expectRefusal(open(served).updatePullRequest(number, { draft: true }), "pull_request_refused");
    expect(error.message).toMatch(/pull request/);
    expect(await served.pullRequests()).toMatchObject([{ draft: false }]);
  });

  test("says of a number that is none that there is no such pull request", async () => {
    const { repository, open } = current();
    const served = open(await repository());
    for (const call of [
      () => served.pullRequest(7),
      () => served.updatePullRequest(7, { title: "new" }),
      () => served.mergePullRequest(7, { method: "merge" }),
      () => served.comments(7),
    ]) {
      const error = await expectRefusal(call(), "pull_request_not_found");
      expect(error.message).toMatch(/pull request/);
      expect(error.data).toEqual({ number: 7 });
    }
  });

  test.each(["merge", "squash", "rebase"] as const)(
    "merges by %s, and takes one that is merged for done",
    async (method) => {
      const { repository, open } = current();
      const served = await repository();
      await served.push("work");
      const { number } = await open(served).createPullRequest(newPullRequest("work"));
      const merged = await open(served).mergePullRequest(number, { method });
      expect(merged).toMatchObject({ number, state: "merged" });
      expect(merged.mergedAt).toBeGreaterThan(0);
      expect(await open(served).mergePullRequest(number, { method })).toEqual(merged);
      expect(await open(served).findPullRequest("work")).toBeUndefined();
    },
  );

  test("refuses to merge what conflicts or is closed, and leaves it", async () => {
    const { clock, repository, open } = current();
    const served = await repository();
    await served.push("work", { conflicts: true });
    const forgeRepository = open(served);
    const { number } = await forgeRepository.createPullRequest(newPullRequest("work"));
    const merging = forgeRepository.mergePullRequest(number, { method: "merge" });
    await expectRefusal(passing(clock, merging), "pull_request_refused");
    expect(await forgeRepository.pullRequest(number)).toMatchObject({ state: "open" });
    await forgeRepository.updatePullRequest(number, { state: "closed" });
    await expectRefusal(forgeRepository.mergePullRequest(number, { method: "merge" }), "pull_request_refused");
  });

  test("adds labels to those that are there, also ones that nobody made yet", async () => {
    const { repository, open } = current();
    const served = await repository();
    await served.push("work");
    const { number } = await open(served).createPullRequest(newPullRequest("work"));
    await open(served).addLabels(number, ["enhancement"]);
    await open(served).addLabels(number, ["never seen: before", "enhancement"]);
    await open(served).addLabels(number, []);
    const [held] = await served.pullRequests();
    expect(held?.labels.toSorted()).toEqual(["enhancement", "never seen: before"]);
  });

  test("asks people and teams for a review", async () => {
    const { repository, open } = current();
    const served = await repository({ people: ["tech-lead", "second"], teams: ["core-team"] });
    await served.push("work");
    const { number } = await open(served).createPullRequest(newPullRequest("work"));
    await open(served).requestReviewers(number, { people: ["tech-lead", "second"], teams: ["core-team"] });
    await open(served).requestReviewers(number, { people: [], teams: [] });
    const [held] = await served.pullRequests();
    expect([held?.people.toSorted(), held?.teams]).toEqual([["second", "tech-lead"], ["core-team"]]);
  });

  test("names the reviewers whom it cannot ask, asks the others, and keeps the pull request", async () => {
    const { repository, open, login } = current();
    const served = await repository({ people: ["tech-lead", login], teams: ["core-team"] });
    await served.push("work");
    const { number } = await open(served).createPullRequest(newPullRequest("work"));
    const asking = open(served).requestReviewers(number, {
      people: [login, "tech-lead", "stranger"],
      teams: ["core-team", "no-team"],
    });
    const error = await expectRefusal(asking, "forge_refused");
    for (const name of [login, "stranger", "no-team"]) expect(error.message).toContain(name);
    expect(error.message).not.toContain("tech-lead");
    expect(error.message).toMatch(/pull request/);
    expect(await served.pullRequests()).toMatchObject([{ number, people: ["tech-lead"], teams: ["core-team"] }]);
  });
}
