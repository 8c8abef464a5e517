import { afterAll, beforeAll, expect, test } from "vitest";
import { type GitServer, startGitServer } from "./testing/git-server.ts";
import { BRANCH, openGranted } from "./testing/granted-place.ts";
import { type SshGitServer, startSshGitServer } from "./testing/ssh-git-server.ts";

let server: GitServer;
let second: SshGitServer;
let first: SshGitServer;
beforeAll(async () => {
  [server, second, first] = await Promise.all([
    startGitServer(),
    startSshGitServer(),
    startSshGitServer({ protocol: false }),
  ]);
});
afterAll(async () => {
  for (const each of [server, second, first]) await each[Symbol.asyncDispose]();
});

test.each([
  ["the second version of git's protocol", () => second],
  ["the first version alone", () => first],
])("a workspace clones, fetches and pushes by ssh and has no key, where the server speaks %s", async (_, by) => {
  await using place = await openGranted(server, { "a.txt": "a\n" }, { by: by() });
  expect(await place.git("remote", "get-url", "--all", "origin")).toMatch(/^http:/);
  expect(await place.git("config", "remote.origin.url")).toBe(`${place.repository.url}\n`);
  await place.commit({ "b.txt": "b\n" });
  expect(await place.push(BRANCH)).toMatchObject({ code: 0 });
  expect(await place.repository.git("rev-parse", BRANCH)).toBe(await place.git("rev-parse", "HEAD"));
  await place.change("side", { "c.txt": "c\n" });
  await place.git("fetch", "origin");
  expect(await place.git("show", "origin/side:c.txt")).toBe("c\n");
});
