import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, open, readdir, truncate, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GitServer, startGitServer } from "../testing/git-server.ts";
import { commitOn, expectWhole, inObjects, openCache, refsIn, share } from "../testing/object-cache.ts";

let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());

test.each([
  ["a pack that lost its end", async (pack: string) => truncate(pack, 40)],
  ["a pack that is not there", async (pack: string) => unlink(pack)],
  ["an index that lost its end", async (pack: string) => truncate(pack.replace(/pack$/, "idx"), 100)],
  ["a byte that changed, which whoever read it has told", async (pack: string) => overwrite(pack, 60)],
])("a cache with %s heals itself, and what was borrowed with it", async (what, damage) => {
  const served = await server.create(`o/broken-${randomBytes(4).toString("hex")}`);
  await using opened = await openCache(server);
  const { cache, directory } = opened;
  const first = await share(cache, served.url);
  const [name = ""] = await readdir(directory);
  const packs = join(directory, name, "objects/pack");
  const pack = (await readdir(packs)).find((file) => file.endsWith(".pack")) ?? "";
  await chmod(join(packs, pack), 0o644);
  await chmod(join(packs, pack.replace(/pack$/, "idx")), 0o644);
  await damage(join(packs, pack));
  if (what.includes("told")) await cache.distrust(served.url);
  await expectWhole(await share(cache, served.url));
  await expectWhole(first);
});

test("a fetch that meets a broken cache fetches everything anew by itself", async () => {
  const served = await server.create("o/broken-alone");
  await using opened = await openCache(server);
  const { cache, directory } = opened;
  await share(cache, served.url);
  const [name = ""] = await readdir(directory);
  const packs = join(directory, name, "objects/pack");
  for (const file of await readdir(packs)) await unlink(join(packs, file));
  await commitOn(served, "more");
  await expectWhole(await share(cache, served.url));
});

test("what a process that was killed left behind is removed, and its half of a fetch never shows", async () => {
  const served = await server.create("o/left");
  await using opened = await openCache(server);
  const { cache, directory } = opened;
  await share(cache, served.url);
  const [name = ""] = await readdir(directory);
  const left = join(directory, name, "incoming-dead");
  await promisify(execFile)("git", ["init", "--quiet", "--bare", left]);
  await writeFile(join(left, "objects/pack/tmp_pack_x"), "half");
  await expectWhole(await share(cache, served.url));
  expect((await readdir(join(directory, name))).filter((file) => file.startsWith("incoming"))).toEqual([]);
});

test("many small fetches become few packs, and no object is lost on the way", async () => {
  const served = await server.create("o/often");
  await using opened = await openCache(server);
  const { cache, directory } = opened;
  const commits: string[] = [];
  const early = await share(cache, served.url);
  for (let round = 0; round < 20; round += 1) {
    // Rewritten each time, so that all but the last are reached by nobody.
    commits.push(await commitOn(served, "work", `Round ${round}`));
    await share(cache, served.url);
  }
  const last = await share(cache, served.url);
  const [name = ""] = await readdir(directory);
  const packs = (await readdir(join(directory, name, "objects/pack"))).filter((file) => file.endsWith(".pack"));
  expect(packs.length).toBeLessThan(17);
  for (const commit of commits) expect(await inObjects(last, "cat-file", "-t", commit)).toBe("commit");
  await expectWhole(early);
  await expectWhole(last);
}, 60_000);

test("two caches over one directory take turns, whichever process they are in", async () => {
  const served = await server.create("o/two");
  await using opened = await openCache(server);
  const { cache, again } = opened;
  const other = again();
  const all = Array.from({ length: 8 }, async (_unused, index) => {
    await commitOn(served, `b${index}`);
    return share(index % 2 === 0 ? cache : other, served.url);
  });
  for (const shown of await Promise.all(all)) await expectWhole(shown);
});

test("a server that cuts off in the middle of a pack leaves the cache as it was", async () => {
  const served = await server.create("o/cut");
  await using opened = await openCache(server);
  const { cache, directory } = opened;
  await expectWhole(await share(cache, served.url));
  const [name = ""] = await readdir(directory);
  const before = await readdir(join(directory, name, "objects/pack"));
  await commitOn(served, "more");
  let cutting = true;
  server.cut("/o/cut.git", () => cutting);
  expect(await readdir(await share(cache, served.url))).not.toContain("packed-refs");
  expect(await readdir(join(directory, name, "objects/pack"))).toEqual(before);
  cutting = false;
  const shown = await share(cache, served.url);
  expect((await refsIn(shown)).join()).toContain("refs/remotes/origin/more");
  await expectWhole(shown);
});

async function overwrite(path: string, at: number): Promise<void> {
  await using file = await open(path, "r+");
  await file.write(Buffer.from([0xff, 0x00, 0xff]), 0, 3, at);
}
