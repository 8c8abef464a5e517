import { expect, test } from "vitest";
import type { Checks } from "../../forge.ts";
import { expectRefusal, type ForgeUnderTest, newPullRequest } from "./under-test.ts";

type State = Checks["checks"][number]["state"];

export function readingTests(current: () => ForgeUnderTest): void {
  test.each<[Checks["state"], State[]]>([
    ["none", []],
    ["success", ["success"]],
    ["success", ["success", "neutral"]],
    ["success", ["neutral"]],
    ["pending", ["success", "pending"]],
    ["failure", ["success", "failure", "pending"]],
  ])("says %s of a branch with the checks %s", async (state, states) => {
    const { repository, open } = current();
    const served = await repository();
    await served.push("feat/work");
    const checks = states.map((state, index) => ({ name: `check ${index}`, state }));
    for (const check of checks) await served.check("feat/work", check);
    const seen = await open(served).checks("feat/work");
    expect(seen.state).toBe(state);
    expect(seen.checks.map(({ name, state }) => ({ name, state })).sort(byName)).toEqual(checks);
  });

  test("has no checks of a branch that is not there", async () => {
    const { repository, open } = current();
    const error = await expectRefusal(open(await repository()).checks("absent"), "branch_not_found");
    expect(error.message).toContain("Branch not found");
  });

  test("gives what reviewers said, on lines and on the whole, oldest first", async () => {
    const { repository, open } = current();
    const served = await repository({ people: ["alice", "bob"] });
    await served.push("work");
    const { number } = await open(served).createPullRequest(newPullRequest("work"));
    expect(await open(served).comments(number)).toEqual([]);
    const said = [
      { author: "alice", body: "A question 🤔" },
      { author: "bob", body: "This line", path: "src/a b.ts", line: 3 },
      { author: "bob", body: "Please change", verdict: "changes_requested" as const },
      { author: "alice", body: "", verdict: "approved" as const },
      { author: "alice", body: "Just saying", verdict: "commented" as const },
    ];
    for (const comment of said) await served.say(number, comment);
    const seen = await open(served).comments(number);
    expect(seen).toMatchObject(said);
    expect(seen).toHaveLength(said.length);
    for (const { url } of seen) expect(url).toContain(`${served.url}/pull/${number}#`);
    expect(seen.map(({ createdAt }) => createdAt)).toEqual(
      seen.map(({ createdAt }) => createdAt).toSorted((a, b) => a - b),
    );
  });

  test("shows the repositories that a secret reaches, a page at a time, those that changed last first", async () => {
    const { clock, forge, secret, repository } = current();
    const mark = `m${Math.random().toString(36).slice(2, 10)}`;
    const made = [];
    for (const name of ["one.js", "two", "three"])
      made.push(await repository({ fullName: `octo-org/${mark}-${name}` }));
    await made[0]?.push("work");
    clock.advance(60_000);
    const page = (page: number, perPage: number, search: string) =>
      forge.repositories(secret, { search, page, perPage });

    const first = await page(1, 2, mark);
    expect(first.hasMore).toBe(true);
    expect(first.repositories.map(({ fullName }) => fullName)).toEqual([
      `octo-org/${mark}-one.js`,
      `octo-org/${mark}-three`,
    ]);
    expect(first.repositories[0]).toMatchObject({ url: made[0]?.url, private: false, defaultBranch: "main" });
    const second = await page(2, 2, mark);
    expect(second).toMatchObject({ hasMore: false, repositories: [{ fullName: `octo-org/${mark}-two` }] });
    expect(await page(3, 2, mark)).toEqual({ repositories: [], hasMore: false });
    expect((await page(1, 10, `TWO ${mark}`)).repositories.map(({ fullName }) => fullName)).toEqual([
      `octo-org/${mark}-two`,
    ]);
    expect((await page(1, 3, "")).repositories).toHaveLength(3);
    expect(await page(1, 3, `${mark}%20&q=`)).toEqual({ repositories: [], hasMore: false });
  });

  test("finds a repository by a word of its description", async () => {
    const { clock, forge, secret, repository } = current();
    const word = `w${Math.random().toString(36).slice(2, 10)}`;
    const { fullName } = await repository({ description: `Tools, ${word}!`, private: true });
    // What was listed before may serve a while.
    clock.advance(60_000);
    const found = await forge.repositories(secret, { search: word, page: 1, perPage: 5 });
    expect(found).toMatchObject({ repositories: [{ fullName, description: `Tools, ${word}!`, private: true }] });
  });
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}
