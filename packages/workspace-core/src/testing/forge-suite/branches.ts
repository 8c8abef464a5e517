import { expect, test } from "vitest";
import { expectRefusal, type ForgeUnderTest } from "./under-test.ts";

export function branchTests(current: () => ForgeUnderTest): void {
  test("tells which URLs it serves, and opens no other", async () => {
    const { forge, secret, repository } = current();
    const { url, fullName } = await repository();
    expect(forge.serves(url)).toBe(true);
    expect(forge.serves(`${url}.git`)).toBe(true);
    expect(forge.serves("https://elsewhere.test/o/r")).toBe(false);
    expect(forge.serves(url.slice(0, url.lastIndexOf("/")))).toBe(false);
    expect(forge.open(`${url}.git`, secret).fullName).toBe(fullName);
    await expectRefusal(
      Promise.try(() => forge.open("https://elsewhere.test/o/r", secret)),
      "forge_unknown",
    );
  });

  test.each(["octo-org/next.js", "octo-org/dots.in.name.js", "Octo-Org/--odd_name", "octo-org/x"])(
    "reaches a repository called %s",
    async (fullName) => {
      const { repository, open } = current();
      const served = await repository({ fullName });
      await served.push("work");
      expect(await open(served).branches("")).toEqual(["main", "work"]);
    },
  );

  test("gives the default branch", async () => {
    const { repository, open } = current();
    expect(await open(await repository()).defaultBranch()).toBe("main");
  });

  test("tells whether a branch is there, by its whole name", async () => {
    const { repository, open } = current();
    const served = await repository();
    await served.push("parallax/exec-1/engineer/fix-it");
    const forgeRepository = open(served);
    for (const [branch, there] of [
      ["parallax/exec-1/engineer/fix-it", true],
      ["parallax/exec-1/engineer/fix", false],
      ["parallax/exec-1/engineer", false],
      ["main", true],
      ["mai", false],
    ] as const) {
      expect([branch, await forgeRepository.branchExists(branch)]).toEqual([branch, there]);
    }
  });

  test("lists the branches that begin with a prefix", async () => {
    const { repository, open } = current();
    const served = await repository();
    for (const branch of ["parallax/exec-1/a/b", "parallax/exec-1/c/d", "parallax/exec-10/a/b"])
      await served.push(branch);
    expect(await open(served).branches("parallax/exec-1/")).toEqual(["parallax/exec-1/a/b", "parallax/exec-1/c/d"]);
    expect(await open(served).branches("nothing/")).toEqual([]);
  });

  test("deletes a branch, and takes one that is gone for deleted", async () => {
    const { repository, open } = current();
    const served = await repository();
    await served.push("work/one");
    const forgeRepository = open(served);
    await forgeRepository.deleteBranch("work/one");
    expect(await forgeRepository.branchExists("work/one")).toBe(false);
    await forgeRepository.deleteBranch("work/one");
  });

  test("says of a repository that is not there that it is not found", async () => {
    const { forge, secret, repository } = current();
    const { url } = await repository();
    const missing = forge.open(`${url}-missing`, secret);
    const calls = [
      () => missing.defaultBranch(),
      () => missing.branchExists("main"),
      () => missing.branches(""),
      () => missing.deleteBranch("main"),
      () => missing.pullRequest(1),
      () => missing.checks("main"),
      () => missing.comments(1),
    ];
    for (const call of calls) {
      const error = await expectRefusal(call(), "repository_not_found");
      expect(error.message).toContain("Repository not found");
      expect(error.data.url).toBe(`${url}-missing`);
    }
  });

  test("shows no private repository to those without a secret", async () => {
    const { forge, repository } = current();
    const { url } = await repository({ private: true });
    await expectRefusal(forge.open(url, async () => undefined).defaultBranch(), "repository_not_found");
  });

  test("reads a public repository without a secret, and changes nothing there", async () => {
    const { forge, repository } = current();
    const { url, push } = await repository();
    await push("work");
    const anonymous = forge.open(url, async () => undefined);
    expect(await anonymous.defaultBranch()).toBe("main");
    await expectRefusal(anonymous.deleteBranch("work"), "authentication_failed");
    expect(await anonymous.branchExists("work")).toBe(true);
  });
}
