import { randomBytes } from "node:crypto";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GitServer, type ServedRepository, startGitServer } from "./testing/git-server.ts";
import { commitOn, expectWhole, inObjects, openCache, refsIn, share } from "./testing/object-cache.ts";

let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());

test("a workspace is given every branch and tag of the remote, as its clone has them, whole", async () => {
  const served = await server.create("o/plain", { branches: ["release/1.0"] });
  await served.git("tag", "--annotate", "--message", "One", "v1", "main");
  await using opened = await openCache(server);
  const { cache } = opened;
  const shown = await share(cache, served.url);
  const refs = await refsIn(shown);
  const there = await refsOf(served);
  expect(refs).toEqual(there.map((line) => line.replace("refs/heads/", "refs/remotes/origin/")));
  expect(await readFile(join(shown, "head"), "utf8")).toBe("main");
  await expectWhole(shown);
});

test("what was pushed a moment ago is there, and what the remote deleted is not", async () => {
  const served = await server.create("o/moving", { branches: ["gone"] });
  await using opened = await openCache(server);
  const { cache } = opened;
  await share(cache, served.url);
  await served.git("branch", "-D", "gone");
  await commitOn(served, "gone/under");
  const shown = await share(cache, served.url);
  const names = (await refsIn(shown)).map((line) => line.split(" ")[1]);
  expect(names).toEqual(["refs/remotes/origin/gone/under", "refs/remotes/origin/main"]);
  await expectWhole(shown);
});

test("where nothing has changed, the remote is only asked what it has", async () => {
  const served = await server.create("o/still");
  await using opened = await openCache(server);
  const { cache } = opened;
  await share(cache, served.url);
  const before = asked("/o/still.git").length;
  await expectWhole(await share(cache, served.url));
  const since = asked("/o/still.git").slice(before);
  expect(since.map(({ method }) => method)).toEqual(["GET", "POST"]);
});

test("many at once share one fetch after the first, and one that asks later has one of its own", async () => {
  const served = await server.create("o/many");
  await using opened = await openCache(server);
  const { cache } = opened;
  const shown = await Promise.all(Array.from({ length: 12 }, () => share(cache, served.url)));
  for (const directory of shown) await expectWhole(directory);
  expect(asked("/o/many.git").filter(({ url }) => url.includes("info/refs")).length).toBeLessThanOrEqual(3);
});

test("history that was overwritten stays where it is borrowed and where it is kept", async () => {
  const served = await server.create("o/forced");
  await commitOn(served, "work");
  await using opened = await openCache(server);
  const { cache, directory } = opened;
  const old = (await served.git("rev-parse", "work")).trim();
  const first = await share(cache, served.url);
  await served.git("update-ref", "refs/heads/work", "main");
  await served.git("reflog", "expire", "--expire=now", "--all");
  await served.git("gc", "--quiet", "--prune=now");
  const second = await share(cache, served.url);
  for (const shown of [first, second]) expect(await inObjects(shown, "cat-file", "-t", old)).toBe("commit");
  await expectWhole(first);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
});

test("what one workspace borrows outlives the cache, and is gone when it is released", async () => {
  const served = await server.create("o/lent");
  await using opened = await openCache(server);
  const { cache, directory } = opened;
  const kept = await share(cache, served.url, "ws-kept");
  expect(await cache.removeUnused()).toBe(0);
  const gone = await share(cache, served.url, "ws-gone");
  expect((await cache.borrowers()).sort()).toEqual(["ws-gone", "ws-kept"]);
  await cache.release("ws-gone");
  await cache.release("ws-gone");
  await expect(stat(gone)).rejects.toThrow("ENOENT");
  const [name = ""] = await readdir(directory);
  await rm(join(directory, name, "objects"), { recursive: true });
  await expectWhole(kept);
  await cache.release("ws-kept");
  await share(cache, served.url, "ws-third");
  await cache.release("ws-third");
  expect(await cache.removeUnused()).toBeGreaterThan(0);
  expect(await readdir(directory)).toEqual([]);
});

test("branches with odd names come through as they are", async () => {
  const served = await server.create("o/odd");
  const names = [
    "ünïcode/✓",
    "with'quote",
    'with"double',
    "semi;colon",
    "$(touch)",
    "-dash/x",
    "a&b|c",
    "UPPER",
    "upper",
  ];
  for (const name of names) await served.git("update-ref", `refs/heads/${name}`, "main");
  await using opened = await openCache(server);
  const { cache } = opened;
  const shown = await share(cache, served.url);
  expect(new Set((await refsIn(shown)).map((line) => line.slice(41)))).toEqual(
    new Set([...names, "main"].map((name) => `refs/remotes/origin/${name}`)),
  );
});

test.each([
  ["an empty repository", {}, "main"],
  ["one whose HEAD names no branch", { "a.txt": "a\n" }, "nowhere"],
])("%s is left to a plain clone", async (_, files, head) => {
  const served = await server.create(`o/bare-${randomBytes(4).toString("hex")}`, { files });
  await served.git("symbolic-ref", "HEAD", `refs/heads/${head}`);
  await using opened = await openCache(server);
  const { cache } = opened;
  expect(await readdir(await share(cache, served.url))).not.toContain("packed-refs");
});

test("a repository that is not there, or a server that does not answer, is told at once", async () => {
  await using opened = await openCache(server);
  const { cache } = opened;
  await expect(share(cache, `${server.origin}/o/absent.git`)).rejects.toMatchObject({ code: "repository_not_found" });
  await expect(share(cache, "https://127.0.0.1:1/o/r.git")).rejects.toMatchObject({ code: "repository_unreachable" });
});

test("a fetch is given up when nobody waits for it any more, and only then", async () => {
  const served = await server.create("o/slow");
  await using opened = await openCache(server);
  const { cache } = opened;
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  server.intercept("/o/slow.git", (request, response) => {
    reached.resolve();
    request.on("close", () => held.resolve());
    response.on("close", () => held.resolve());
  });
  const leaving = new AbortController();
  const { ready } = await cache.share(served.url, { workspace: "ws-leaving", signal: leaving.signal });
  const waiting = ready(() => undefined);
  waiting.catch(() => undefined);
  await reached.promise;
  leaving.abort();
  await expect(waiting).rejects.toMatchObject({ code: "aborted" });
  await held.promise;
});

function asked(prefix: string): { method: string; url: string }[] {
  return server.requests.filter(({ url }) => url.startsWith(prefix));
}

async function refsOf(served: ServedRepository): Promise<string[]> {
  return (await served.git("for-each-ref", "--format=%(objectname) %(refname)")).trim().split("\n");
}
