import { mkdir, mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Box, CheckoutOptions, Git, Log, Repository, WorkspaceId } from "@ws/workspace-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createGit } from "../git.ts";
import { runToEnd } from "../run-git.ts";
import {
  type GitServer,
  type RepositoryOptions,
  type ServedRepository,
  startGitServer,
} from "../testing/git-server.ts";
import { openStandInBox } from "../testing/stand-in-box.ts";

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());

test("a clone that borrows is told apart from a plain one by nobody who uses it", async () => {
  await using w = await worker({ files: { "a.txt": "a\n", "b/c.txt": "c\n" }, branches: ["release/1.0"] });
  await w.served.git("tag", "-a", "-m", "One", "v1", "main");
  const { box, sh, clone } = await w.open({ branch: "mine" });
  const before = server.requests.length;
  await clone();
  expect(server.requests.length).toBe(before);
  expect(await readdir(join(box.home, "r/.git/objects/pack"))).toEqual([]);

  const plain = join(box.home, "plain");
  await runToEnd(box, ["git", "clone", "--quiet", w.served.url, plain], { env: { GIT_SSL_CAINFO: server.caFile } });
  for (const question of [
    "git for-each-ref --format='%(refname) %(objectname) %(symref)' refs/remotes refs/tags",
    "git config --get-regexp '^(remote|core)\\.'",
    "git log --oneline origin/main",
    "git ls-files --stage",
    "git branch -r",
  ]) {
    expect([question, await sh(question)]).toEqual([question, await sh(`cd ${plain}; ${question}`)]);
  }
  expect(await sh("git status --porcelain --branch")).toBe("## mine");
  expect(await sh("git fsck --strict --full && git fsck --connectivity-only")).toBe("");
});

test("housekeeping takes nothing away: what is borrowed stays, and what is its own too", async () => {
  await using w = await worker({ branches: ["other"] });
  const { sh } = await w.clone({ branch: "mine" });
  await sh(
    "echo x >x; git add x; git -c user.name=T -c user.email=t@example.test commit -qm X; echo y >x; git stash -q",
  );
  await sh("git gc --quiet --prune=now --aggressive && git repack -a -d -q && git prune && git fsck --strict");
  expect(await sh("git log --oneline | wc -l")).toBe("2");
  await sh("git checkout -q other && git checkout -q mine && git stash pop -q");
  expect(await sh("cat x")).toBe("y");
});

test("a branch that the remote has is stood on and followed; one that it lacks is made from its base", async () => {
  await using w = await worker({ branches: ["release/1.0"] });
  const followed = await w.clone({ branch: "release/1.0" });
  expect(followed.cloned).toEqual({ branch: "release/1.0", baseBranch: "main" });
  expect(await followed.sh("git rev-parse --abbrev-ref @{upstream}")).toBe("origin/release/1.0");
  const made = await w.clone({ branch: "parallax/x", baseBranch: "release/1.0" });
  expect(made.cloned).toEqual({ branch: "parallax/x", baseBranch: "release/1.0" });
  expect(await made.sh("git log -1 --format=%s")).toBe("Add release-1.0.txt");
  expect(await made.sh("git config --get-regexp '^branch' || echo none")).toBe("none");
  const plain = await w.clone({});
  expect(plain.cloned).toEqual({ branch: "main", baseBranch: "main" });
  expect(await plain.sh("git rev-parse --abbrev-ref @{upstream}")).toBe("origin/main");
});

test("a base that does not exist is branch_not_found and leaves nothing", async () => {
  await using w = await worker();
  const { box, clone } = await w.open({ branch: "x", baseBranch: "nowhere" });
  await expect(clone()).rejects.toMatchObject({ code: "branch_not_found", data: { branch: "nowhere" } });
  expect(await readdir(join(box.home, "r"))).toEqual([]);
  expect(await readdir(join(box.home, ".local/state/ws"))).toEqual([]);
});

test("later fetches and pushes go to the remote as from any clone", async () => {
  await using w = await worker();
  const { sh } = await w.clone({ branch: "mine" });
  await w.served.git("branch", "later", "main");
  await sh("git fetch -q && git rev-parse origin/later");
  await sh("echo x >x; git add x; git -c user.name=T -c user.email=t@example.test commit -qm X");
  await sh("git push -q -u origin mine");
  expect((await w.served.git("rev-parse", "mine")).trim()).toBe(await sh("git rev-parse HEAD"));
});

test("commits carry the worker's identity, also from a program that the worker did not start", async () => {
  await using w = await worker();
  const env = { GIT_AUTHOR_NAME: 'Ada "L" $HOME', GIT_AUTHOR_EMAIL: "ada@example.test" };
  for (const checkout of [{}, { depth: 1 }]) {
    const { sh } = await w.clone({ branch: "mine", checkout }, env);
    await sh("git commit -q --allow-empty -m X");
    expect(await sh("git log -1 --format='%an %ae'")).toBe('Ada "L" $HOME ada@example.test');
  }
});

test("what proves broken is left, and the repository is cloned from the remote and gathered anew", async () => {
  await using w = await worker({ files: { "a.txt": "a\n".repeat(400) } });
  const opened = await w.open({ branch: "mine" });
  const packs = join(opened.box.objects ?? "", "objects/pack");
  const pack = (await readdir(packs)).find((name) => name.endsWith(".pack")) ?? "";
  await damage(join(packs, pack));
  await opened.clone();
  expect(await opened.sh("git fsck --strict && cat .git/objects/info/alternates 2>/dev/null || echo whole")).toBe(
    "whole",
  );
  const next = await w.clone({ branch: "mine" });
  expect(await readFile(join(next.box.home, "r/.git/objects/info/alternates"), "utf8")).toContain("objects");
  expect(await next.sh("git fsck --strict")).toBe("");
});

test("a checkout that fails for the workspace's own reasons says nothing against what was gathered", async () => {
  await using w = await worker({ files: { ".gitattributes": "*.txt filter=f\n", "a.txt": "a\n" } });
  const { box, clone } = await w.open({ branch: "mine" });
  await runToEnd(box, ["git", "config", "--global", "filter.f.smudge", "false"]);
  await runToEnd(box, ["git", "config", "--global", "filter.f.required", "true"]);
  await expect(clone()).rejects.toMatchObject({ code: "clone_failed" });
  const before = server.requests.length;
  await w.clone({ branch: "mine" });
  expect(server.requests.slice(before).map(({ method }) => method)).toEqual(["GET", "POST"]);
});

test("where nothing was gathered, or somebody's files lie there, it goes as without a cache", async () => {
  await using w = await worker({ files: {} });
  expect((await w.clone({ branch: "first" })).cloned).toMatchObject({ branch: "first" });
  await using other = await worker();
  const { box, clone } = await other.open({ branch: "mine" });
  await runToEnd(box, ["sh", "-c", "mkdir r && echo mine >r/thesis.txt"], { cwd: box.home });
  await expect(clone()).rejects.toMatchObject({ code: "clone_failed" });
  expect(await readFile(join(box.home, "r/thesis.txt"), "utf8")).toBe("mine\n");
});

test.each<[string, CheckoutOptions, string, string]>([
  [
    "one commit of history",
    { depth: 1 },
    "git rev-list --count HEAD; git rev-parse --is-shallow-repository",
    "1\ntrue",
  ],
  [
    "no contents beyond those checked out",
    { filter: "blob:none" },
    "git config remote.origin.partialclonefilter",
    "blob:none",
  ],
  [
    "some directories",
    { sparse: ["b", "d/e"] },
    "find . -name '*.txt' | sort",
    "./a.txt\n./b/c.txt\n./d/e/f.txt\n./d/g.txt",
  ],
  [
    "some directories of a partial clone",
    { filter: "tree:0", sparse: ["d/e"] },
    "find . -name '*.txt' | sort; git config remote.origin.partialclonefilter",
    "./a.txt\n./d/e/f.txt\n./d/g.txt\ntree:0",
  ],
])("a clone can take %s", async (_, checkout, question, answer) => {
  await using w = await worker({
    files: { "a.txt": "a", "b/c.txt": "c", "d/e/f.txt": "f", "d/g.txt": "g", "h/i.txt": "i" },
  });
  await w.served
    .git("commit-tree", "-p", "main", "-m", "More", "main^{tree}")
    .then((commit) => w.served.git("update-ref", "refs/heads/main", commit.trim()));
  for (const branchIsNew of [true, false]) {
    const { sh } = await w.clone({ branch: "mine", branchIsNew, checkout });
    expect(await sh(question)).toBe(answer);
    expect(await sh("git status --porcelain")).toBe("");
  }
});

test("a clone of our own branch that takes part of the history says which base is missing", async () => {
  await using w = await worker();
  const { clone } = await w.open({ branch: "mine", branchIsNew: true, baseBranch: "nowhere", checkout: { depth: 1 } });
  await expect(clone()).rejects.toMatchObject({ code: "branch_not_found", data: { branch: "nowhere" } });
});

test("large files are fetched where they are asked for, and it is said where there is no Git LFS", async () => {
  await using w = await worker();
  const programs = await mkdtemp(join(tmpdir(), "ws-lfs-"));
  onTestFinished(() => rm(programs, { recursive: true }));
  const rest = join(programs, "rest");
  await mkdir(rest);
  const others = (await readdir("/usr/bin")).filter((name) => name !== "git-lfs");
  await Promise.all(others.map((name) => symlink(`/usr/bin/${name}`, join(rest, name))));
  const without = await w.open({ branch: "mine", checkout: { lfs: true } }, { PATH: rest });
  await writeFile(join(programs, "git-lfs"), `#!/bin/sh\necho "$@" >>${programs}/said\n`, { mode: 0o755 });
  await w.clone({ branch: "mine", checkout: { lfs: true } }, { PATH: `${programs}:/usr/bin:/bin` });
  expect(await readFile(join(programs, "said"), "utf8")).toBe("version\ninstall --local\npull\n");
  await expect(without.clone()).rejects.toMatchObject({
    code: "clone_failed",
    next: expect.stringContaining("git-lfs"),
  });
});

interface Opened {
  box: Box;
  clone(): ReturnType<Git["clone"]>;
  /** Runs a script in the repository. */
  sh(script: string): Promise<string>;
}

interface Worker extends AsyncDisposable {
  name: string;
  served: ServedRepository;
  /** A workspace with everything gathered for the clone of this. */
  open(part: Partial<Repository>, env?: Record<string, string>): Promise<Opened>;
  clone(
    part: Partial<Repository>,
    env?: Record<string, string>,
  ): Promise<Opened & { cloned: Awaited<ReturnType<Git["clone"]>> }>;
}

let count = 0;
async function worker(options: RepositoryOptions = {}): Promise<Worker> {
  const stack = new AsyncDisposableStack();
  const name = `o/r${++count}`;
  const served = await server.create(name, options);
  const objects = await mkdtemp(join(tmpdir(), "ws-objects-"));
  stack.defer(() => rm(objects, { recursive: true, force: true, maxRetries: 5 }));
  const git = createGit({ log: silent, ca: [server.ca], objects });

  async function openOne(part: Partial<Repository>, env: Record<string, string> = {}): Promise<Opened> {
    const repository = { url: served.url, name: "r", ...part };
    const workspace: WorkspaceId = `ws-t${++count}`;
    const prepared = await git.prepare(repository, { workspace, signal: new AbortController().signal });
    await prepared?.ready(() => undefined);
    const box = stack.use(await openStandInBox(prepared === undefined ? {} : { objects: prepared.directory }));
    await git.attach(box, { profile: "person", repository });
    return {
      box,
      clone: () => git.clone(box, repository, { group: "clone", report: () => undefined, env }),
      async sh(script) {
        const { code, stdout, stderr } = await runToEnd(box, ["sh", "-ec", script], { cwd: join(box.home, "r") });
        if (code !== 0) throw new Error(`${script}: ${stderr}`);
        return stdout.trim();
      },
    };
  }

  return {
    name,
    served,
    open: openOne,
    async clone(part, env) {
      const made = await openOne(part, env);
      return { ...made, cloned: await made.clone() };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Flips bytes in the middle of a file that nobody may write. */
async function damage(path: string): Promise<void> {
  await rm(path).catch(() => undefined);
  await writeFile(path, "PACK and nothing that follows from it");
  await using file = await open(path);
  await file.sync();
}
