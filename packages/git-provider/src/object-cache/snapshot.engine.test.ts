import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Repository, RepositorySnapshot, WorkspaceId } from "@ws/workspace-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CacheUnderTest, openCache, share } from "../testing/object-cache.ts";
import { type GitServer, type ServedRepository, startGitServer } from "../testing/git-server.ts";
import { cachePaths, sharePaths } from "./layout.ts";
import { openSnapshot } from "./snapshot.ts";

const signal = new AbortController().signal;
const id: WorkspaceId = "ws-looks";
let server: GitServer;
let served: ServedRepository;
let opened: CacheUnderTest;

beforeAll(async () => {
  // Its own, so that what other tests look at is not counted.
  process.env["TMPDIR"] = await mkdtemp(join(tmpdir(), "ws-looks-"));
  server = await startGitServer();
  served = await server.create("o/looked-at", {
    files: {
      ".devcontainer/devcontainer.json": "{}",
      ".devcontainer/Dockerfile": "FROM x",
      "src/a[b].txt": "ab",
      "README.md": "top",
    },
    branches: ["release"],
  });
  // A link in the place of a file, and one in the place of a directory.
  const link = (await served.gitWith("/etc/passwd", "hash-object", "-w", "--stdin")).trim();
  const links = `120000 blob ${link}\t.devcontainer.json\n120000 blob ${link}\tlinked\n`;
  const base = await served.git("ls-tree", "main");
  const tree = (await served.gitWith(`${base}${links}`, "mktree")).trim();
  const commit = (await served.git("commit-tree", "-p", "main", "-m", "Links", tree)).trim();
  await served.git("update-ref", "refs/heads/links", commit);
  const rewritten = await writeTree({ ".gitattributes": ATTRIBUTES, ...REWRITTEN });
  const other = (await served.git("commit-tree", "-m", "Attributes", rewritten)).trim();
  await served.git("update-ref", "refs/heads/rewritten", other);
  opened = await openCache(server);
  await share(opened.cache, served.url, id);
});
afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await rm(tmpdir(), { recursive: true });
});

/** Each is another text once git writes it as its attribute says, or is left out; the first becomes an `ADD` of Latin letters. */
const REWRITTEN = {
  Dockerfile: Buffer.from("FROM x\nADD http://127.0.0.1/ /x\n").swap16().toString("utf16le"),
  "ends.txt": "one\ntwo\n",
  "ident.txt": "$Id$\n",
  "subst.txt": "$Format:%H$\n",
  "hidden.txt": "hidden\n",
};
const ATTRIBUTES = `[attr]all text eol=crlf
* all
Dockerfile working-tree-encoding=UTF-16BE
ident.txt ident
subst.txt export-subst
hidden.txt export-ignore filter=none
`;

/** Without a work tree, in which these would be taken for something else already. */
async function writeTree(files: Record<string, string>): Promise<string> {
  const entries = await Promise.all(
    Object.entries(files).map(async ([name, content]) => {
      const blob = await served.gitWith(content, "hash-object", "-w", "--stdin");
      return `100644 blob ${blob.trim()}\t${name}\n`;
    }),
  );
  return (await served.gitWith(entries.join(""), "mktree")).trim();
}

const look = (repository: Partial<Repository> = {}, of = id): Promise<RepositorySnapshot | undefined> =>
  openSnapshot(sharePaths(cachePaths(opened.directory, served.url), of), repository, signal);
const text = (content: unknown): string => Buffer.from(content as Uint8Array).toString();

test("the files of what a clone begins with are read on the worker, and no link is followed", async () => {
  await using snapshot = await look({ branch: "links" });
  expect(text(await snapshot?.read(".devcontainer/devcontainer.json", 100))).toBe("{}");
  expect(text(await snapshot?.read("src/a[b].txt", 2))).toBe("ab");
  expect(await snapshot?.read("src/a[b].txt", 1)).toBe("large");
  for (const path of [".devcontainer.json", "linked", ".devcontainer"])
    expect(await snapshot?.read(path, 100)).toBe("link");
  for (const path of ["nothing", "linked/passwd", "src/*", "src/", ":(glob)**", "../outside", "/etc/passwd"]) {
    expect(await snapshot?.read(path, 100).catch(() => "refused")).toSatisfy(
      (found) => found === undefined || found === "refused",
    );
  }
});

test("a directory is had as a tar, and stands for nothing but its files", async () => {
  await using snapshot = await look();
  const tree = await snapshot?.tree(".devcontainer");
  if (snapshot === undefined || tree === undefined) throw new Error("it is not there");
  const tar = Buffer.concat(await Array.fromAsync(snapshot.archive(tree, 1_000_000)));
  expect(execFileSync("tar", ["-tf", "-"], { input: tar, encoding: "utf8" }).trim().split("\n").sort()).toEqual([
    "Dockerfile",
    "devcontainer.json",
  ]);
  await expect(Array.fromAsync(snapshot.archive(tree, 100))).rejects.toThrow("more than 100 bytes");
  expect(await snapshot.tree("README.md")).toBeUndefined();
  expect(await snapshot.tree("")).toMatch(/^[0-9a-f]{40}$/);
  await using other = await look({ branch: "release" });
  expect(await other?.tree(".devcontainer")).toBe(tree);
});

test("a tar has the very bytes that were committed and read here, whatever the repository's attributes would make of them", async () => {
  await using snapshot = await look({ branch: "rewritten" });
  if (snapshot === undefined) throw new Error("it is not there");
  const tar = Buffer.concat(await Array.fromAsync(snapshot.archive((await snapshot.tree("")) ?? "", 1_000_000)));
  for (const [name, committed] of Object.entries({ ".gitattributes": ATTRIBUTES, ...REWRITTEN })) {
    expect(text(await snapshot.read(name, 1_000))).toBe(committed);
    expect(execFileSync("tar", ["-xOf", "-", name], { input: tar, encoding: "utf8" })).toBe(committed);
  }
});

test("it is the branch that was asked for, else the base, else the remote's own", async () => {
  const commit = async (repository: Partial<Repository>): Promise<string | undefined> => {
    await using snapshot = await look(repository);
    return snapshot?.commit;
  };
  const [main, release] = await Promise.all(
    ["main", "release"].map(async (name) => (await served.git("rev-parse", name)).trim()),
  );
  expect(await commit({})).toBe(main);
  expect(await commit({ branch: "release" })).toBe(release);
  expect(await commit({ branch: "release", branchIsNew: true })).toBe(main);
  expect(await commit({ branch: "new", baseBranch: "release" })).toBe(release);
  expect(await commit({ branch: "new", baseBranch: "nowhere" })).toBeUndefined();
  expect(await look({}, "ws-never")).toBeUndefined();
});

test("nothing is left of a look", async () => {
  const left = async (): Promise<string[]> => (await readdir(tmpdir())).filter((name) => name.startsWith("ws-look-"));
  const before = await left();
  {
    await using _snapshot = await look();
    expect((await left()).length).toBeGreaterThan(before.length);
  }
  expect(await left()).toEqual(before);
});
