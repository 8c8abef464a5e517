import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, open, readdir, readFile, rm, stat, truncate, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { CredentialSource, GitSecret, Grant, Log, WorkspaceId } from "@ws/workspace-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createNetwork } from "./broker/network.ts";
import { createObjectCache, type ObjectCache } from "./object-cache.ts";
import { createWorkerRoutes } from "./object-cache/worker-route.ts";
import { type GitServer, type ServedRepository, startGitServer } from "./testing/git-server.ts";

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());

test("a workspace is given every branch and tag of the remote, as its clone has them, whole", async () => {
  const served = await server.create("o/plain", { branches: ["release/1.0"] });
  await served.git("tag", "--annotate", "--message", "One", "v1", "main");
  const { cache } = await newCache();
  const shown = await share(cache, served.url);
  const refs = await refsIn(shown);
  const there = await refsOf(served);
  expect(refs).toEqual(there.map((line) => line.replace("refs/heads/", "refs/remotes/origin/")));
  expect(await readFile(join(shown, "head"), "utf8")).toBe("main");
  await expectWhole(shown);
});

test("what was pushed a moment ago is there, and what the remote deleted is not", async () => {
  const served = await server.create("o/moving", { branches: ["gone"] });
  const { cache } = await newCache();
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
  const { cache } = await newCache();
  await share(cache, served.url);
  const before = asked("/o/still.git").length;
  await expectWhole(await share(cache, served.url));
  const since = asked("/o/still.git").slice(before);
  expect(since.map(({ method }) => method)).toEqual(["GET", "POST"]);
});

test("many at once share one fetch after the first, and one that asks later has one of its own", async () => {
  const served = await server.create("o/many");
  const { cache } = await newCache();
  const shown = await Promise.all(Array.from({ length: 12 }, () => share(cache, served.url)));
  for (const directory of shown) await expectWhole(directory);
  expect(asked("/o/many.git").filter(({ url }) => url.includes("info/refs")).length).toBeLessThanOrEqual(3);
});

test("history that was overwritten stays where it is borrowed and where it is kept", async () => {
  const served = await server.create("o/forced");
  await commitOn(served, "work");
  const { cache, directory } = await newCache();
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
  const { cache, directory } = await newCache();
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

test("another user can read what is borrowed, and nobody can write it", async () => {
  const before = process.umask(0o077);
  onTestFinished(() => void process.umask(before));
  const served = await server.create("o/modes");
  const { cache } = await newCache();
  const shown = await share(cache, served.url);
  const paths = (await readdir(shown, { recursive: true, withFileTypes: true })).map((entry) => ({
    path: join(entry.parentPath, entry.name),
    mode: entry.isDirectory() ? 0o755 : 0o444,
  }));
  expect(paths.length).toBeGreaterThan(5);
  for (const { path, mode } of paths) expect([path, (await stat(path)).mode & 0o777]).toEqual([path, mode]);
});

test.each([
  ["a pack that lost its end", async (pack: string) => truncate(pack, 40)],
  ["a pack that is not there", async (pack: string) => unlink(pack)],
  ["an index that lost its end", async (pack: string) => truncate(pack.replace(/pack$/, "idx"), 100)],
  ["a byte that changed, which whoever read it has told", async (pack: string) => overwrite(pack, 60)],
])("a cache with %s heals itself, and what was borrowed with it", async (what, damage) => {
  const served = await server.create(`o/broken-${randomBytes(4).toString("hex")}`);
  const { cache, directory } = await newCache();
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
  const { cache, directory } = await newCache();
  await share(cache, served.url);
  const [name = ""] = await readdir(directory);
  const packs = join(directory, name, "objects/pack");
  for (const file of await readdir(packs)) await unlink(join(packs, file));
  await commitOn(served, "more");
  await expectWhole(await share(cache, served.url));
});

test("what a process that was killed left behind is removed, and its half of a fetch never shows", async () => {
  const served = await server.create("o/left");
  const { cache, directory } = await newCache();
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
  const { cache, directory } = await newCache();
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
  const { cache } = await newCache();
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
  const { cache } = await newCache();
  expect(await readdir(await share(cache, served.url))).not.toContain("packed-refs");
});

test("a repository that is not there, or a server that does not answer, is told at once", async () => {
  const { cache } = await newCache();
  await expect(share(cache, `${server.origin}/o/absent.git`)).rejects.toMatchObject({ code: "repository_not_found" });
  await expect(share(cache, "https://127.0.0.1:1/o/r.git")).rejects.toMatchObject({ code: "repository_unreachable" });
});

test("a workspace without the right to a private repository borrows nothing of what another one fetched", async () => {
  const password = randomBytes(20).toString("hex");
  const served = await server.create("o/private", { auth: { user: "x-access-token", password } });
  const { cache, directory } = await newCache(granting("ws-allowed", password));
  const allowed = await share(cache, served.url, "ws-allowed");
  await expectWhole(allowed);
  const refused = await share(cache, served.url, "ws-refused");
  expect(await readdir(refused, { recursive: true })).toEqual(["objects", "objects/info", "objects/pack"]);
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  const contents = await Promise.all(
    files.filter((entry) => entry.isFile()).map(({ parentPath, name }) => readFile(join(parentPath, name))),
  );
  expect(contents.some((content) => content.includes(password))).toBe(false);
});

test("a fetch is given up when nobody waits for it any more, and only then", async () => {
  const served = await server.create("o/slow");
  const { cache } = await newCache();
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

test("two caches over one directory take turns, whichever process they are in", async () => {
  const served = await server.create("o/two");
  const { cache, again } = await newCache();
  const other = again();
  const all = Array.from({ length: 8 }, async (_unused, index) => {
    await commitOn(served, `b${index}`);
    return share(index % 2 === 0 ? cache : other, served.url);
  });
  for (const shown of await Promise.all(all)) await expectWhole(shown);
});

test("a server that cuts off in the middle of a pack leaves the cache as it was", async () => {
  const served = await server.create("o/cut");
  const { cache, directory } = await newCache();
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

test("CVE-2018-11235: a repository that git's own check refuses is not kept", async () => {
  const served = await server.create("o/hostile");
  const modules = '[submodule "x"]\n\tpath = x\n\turl = -u./payload\n';
  const blob = (await served.gitWith(modules, "hash-object", "-w", "--stdin")).trim();
  const tree = (await served.gitWith(`100644 blob ${blob}\t.gitmodules\n`, "mktree")).trim();
  const commit = (await served.git("commit-tree", "-m", "Bad", tree)).trim();
  await served.git("update-ref", "refs/heads/bad", commit);
  const { cache } = await newCache();
  expect(await readdir(await share(cache, served.url))).not.toContain("packed-refs");
});

async function newCache(
  credentials?: Pick<CredentialSource, "find" | "secret">,
): Promise<{ cache: ObjectCache; directory: string; again: () => ObjectCache }> {
  const parent = await mkdtemp(join(tmpdir(), "ws-object-cache-"));
  onTestFinished(() => rm(parent, { recursive: true, force: true, maxRetries: 5 }));
  const directory = join(parent, "objects");
  const routes = createWorkerRoutes(createNetwork({ log: silent, ca: [server.ca] }), credentials);
  const again = (): ObjectCache => createObjectCache({ directory, routes, log: silent });
  return { cache: again(), directory, again };
}

function asked(prefix: string): { method: string; url: string }[] {
  return server.requests.filter(({ url }) => url.startsWith(prefix));
}

let count = 0;
async function share(cache: ObjectCache, url: string, workspace: WorkspaceId = `ws-t${++count}`): Promise<string> {
  const { directory, ready } = await cache.share(url, { workspace, signal: new AbortController().signal });
  await ready(() => undefined);
  return directory;
}

/** Each ref with its object, as the clone would have it. */
async function refsIn(shown: string): Promise<string[]> {
  const lines = (await readFile(join(shown, "packed-refs"), "utf8")).trim().split("\n");
  return lines.filter((line) => !line.startsWith("#") && !line.startsWith("^"));
}

async function refsOf(served: ServedRepository): Promise<string[]> {
  return (await served.git("for-each-ref", "--format=%(objectname) %(refname)")).trim().split("\n");
}

/** Checks, in a repository that has nothing of its own, that every ref and everything it reaches is there and sound. */
async function expectWhole(shown: string): Promise<void> {
  const ids = (await refsIn(shown)).map((line) => line.slice(0, 40));
  await inObjects(shown, "rev-list", "--objects", "--quiet", ...ids);
  expect(await inObjects(shown, "fsck", "--strict", "--no-dangling", ...ids)).toBe("");
}

async function inObjects(shown: string, ...argv: string[]): Promise<string> {
  const borrower = await mkdtemp(join(tmpdir(), "ws-borrower-"));
  try {
    const run = promisify(execFile);
    await run("git", ["init", "--quiet", "--bare", borrower]);
    await writeFile(join(borrower, "objects/info/alternates"), `${join(shown, "objects")}\n`);
    return (await run("git", argv, { cwd: borrower })).stdout.trim();
  } finally {
    await rm(borrower, { recursive: true, force: true });
  }
}

/** Makes a commit of one new file on a branch that begins at main; resolves to it. */
async function commitOn(served: ServedRepository, branch: string, message = "More"): Promise<string> {
  const blob = (await served.gitWith(randomBytes(400).toString("hex"), "hash-object", "-w", "--stdin")).trim();
  const tree = (await served.gitWith(`100644 blob ${blob}\tnew.txt\n`, "mktree")).trim();
  const commit = (await served.git("commit-tree", "-p", "main", "-m", message, tree)).trim();
  await served.git("update-ref", `refs/heads/${branch}`, commit);
  return commit;
}

async function overwrite(path: string, at: number): Promise<void> {
  await using file = await open(path, "r+");
  await file.write(Buffer.from([0xff, 0x00, 0xff]), 0, 3, at);
}

/** A right of one workspace to everything. */
function granting(workspace: WorkspaceId, password: string): Pick<CredentialSource, "find" | "secret"> {
  const credential = { id: "cred-1", type: "pat", provider: "test", host: "127.0.0.1" } as const;
  return {
    find: (asking, url) => (asking === workspace ? ({ url, workspace, credential } as Grant) : undefined),
    secret: async () => ({ ...credential, username: "x-access-token", password }) satisfies GitSecret,
  };
}
