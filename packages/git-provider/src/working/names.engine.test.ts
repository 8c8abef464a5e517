import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGitServer, type GitServer } from "../testing/index.ts";
import { openWorked, type Worked } from "../testing/worked-repository.ts";

let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const names = async (w: Worked, since?: string): Promise<string[]> =>
  (await w.work.names(since === undefined ? {} : { since })).paths.sort();

test("files that git knows or would add are named, each once and whatever is in its name, and none that it ignores", async () => {
  await using w = await openWorked(server, {
    files: { ".gitignore": "node_modules\n", "a.txt": "1\n", "d/b.txt": "1\n" },
  });
  await w.write({ "node_modules/x.js": "", "new\nline é.txt": "", "a.txt": "2\n" });
  expect(await names(w)).toEqual([".gitignore", "a.txt", "d/b.txt", "new\nline é.txt"]);
});

test("since a commit, only those that differ from it and are there", async () => {
  await using w = await openWorked(server, {
    files: { "same.txt": "1\n", "old.txt": "1\n", "gone.txt": "1\n", "moved.txt": "1\n" },
  });
  const since = await w.sh("git rev-parse HEAD");
  await w.write({ "old.txt": "2\n" });
  await w.sh("git commit -qam two && git mv moved.txt new-name.txt && git commit -qm three");
  await w.write({ "fresh.txt": "", "old.txt": "3\n" });
  await rm(join(w.directory, "gone.txt"));
  expect(await names(w, since)).toEqual(["fresh.txt", "new-name.txt", "old.txt"]);
  expect(await names(w, "HEAD")).toEqual(["fresh.txt", "old.txt"]);
});

test.each(["0123456", "--output=/tmp/pwn", "HEAD..HEAD", ""])(
  "a commit that is none is refused, not taken for an option (mcp-server-git CVE-2025-68143): %j",
  async (since) => {
    await using w = await openWorked(server);
    await expect(w.work.names({ since })).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:invalid_ref|ref_not_found)$/) as string,
    });
  },
);
