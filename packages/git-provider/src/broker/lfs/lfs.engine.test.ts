import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type GitServer, startGitServer } from "../../testing/git-server.ts";
import { BRANCH, type GrantedPlace, newToken } from "../../testing/granted-place.ts";
import { entrance, openLarge } from "../../testing/large-files.ts";
import { type LfsServer, startLfsServer } from "../../testing/lfs-server.ts";

let server: GitServer;
let lfs: LfsServer;
beforeAll(async () => {
  server = await startGitServer();
  lfs = await startLfsServer(server);
});
beforeEach(() => {
  for (const name of ["forge", "store", "action"] as const) delete lfs.faults[name];
});
afterAll(async () => {
  await lfs[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

test("large files come with the worker's credential, and nothing of it or of the store's keys reaches the workspace", async () => {
  const content = randomBytes(300_000);
  await using place = await openLarge({ server, lfs }, { "a.bin": content });
  const from = lfs.requests.length;
  const pulled = await place.run("sh", "-c", "GIT_TRACE=1 GIT_CURL_VERBOSE=1 GIT_TRACE_CURL=1 git lfs pull 2>&1");
  expect(pulled.code).toBe(0);
  expect(await readFile(`${place.directory}/a.bin`)).toEqual(content);
  expect(await place.git("status", "--porcelain")).toBe("");
  const seen = lfs.requests.slice(from);
  expect(seen.map(({ at }) => at)).toEqual(["forge", "store"]);
  expect(seen.map(({ headers }) => headers.authorization !== undefined)).toEqual([true, false]);
  // That there is something to be found.
  expect(pulled.stdout).toContain("/info/lfs/objects/ws/");
  const configured = await place.git("config", "--list", "--show-origin");
  const shown = Buffer.from(`x-access-token:${place.token}`).toString("base64");
  for (const word of [place.token, shown, lfs.mark, new URL(lfs.store).host]) {
    for (const text of [pulled.stdout, configured, place.said.join("\n")]) expect(text).not.toContain(word);
  }
});

test("a clone with large files has them, and one without them has pointers until 'git lfs pull'", async () => {
  const content = randomBytes(5_000);
  await using place = await openLarge({ server, lfs }, { "a.bin": content });
  const said: string[] = [];
  const own = { url: place.repository.url, name: "large", branch: BRANCH, checkout: { lfs: true } };
  const report = ({ message }: { message: string }): void => void said.push(message);
  await place.workspaceGit.clone(place.box, own, { group: "clone", report });
  expect(await readFile(`${place.box.home}/large/a.bin`)).toEqual(content);
  expect(said).toContain(`Fetching the large files of ${place.repository.url}`);
  expect(await readFile(`${place.directory}/a.bin`, "utf8")).toMatch(/^version https:\/\/git-lfs/);
  await place.git("lfs", "pull");
  expect(await readFile(`${place.directory}/a.bin`)).toEqual(content);
});

test("a new large file is stored before its commit is pushed, by git in the workspace and by the worker's push", async () => {
  await using place = await openLarge({ server, lfs }, {});
  await place.commit({ "b.bin": randomBytes(200_000) });
  expect(await place.push(BRANCH)).toMatchObject({ code: 0 });
  expect(await lfs.has(await oidOf(place, "b.bin"))).toBe(true);
  await place.commit({ "c.bin": randomBytes(200_000), "empty.bin": "" });
  const own = { url: place.repository.url, name: "r" };
  await place.workspaceGit.push(place.box, own, { branch: BRANCH, group: "push", report: () => undefined });
  expect(await lfs.has(await oidOf(place, "c.bin"))).toBe(true);
  expect(await place.repository.git("rev-parse", BRANCH)).toBe(await place.git("rev-parse", "HEAD"));
  expect(await place.git("config", "--local", "--get-regexp", "^lfs\\.http").catch(() => "")).toBe("");
  const stored = lfs.requests.filter(({ at, method }) => at === "store" && method !== "GET");
  expect(stored.some(({ url }) => url.startsWith("/verify/"))).toBe(true);
  for (const { headers } of stored) expect(headers.authorization).toBeUndefined();
});

test("a push whose large files are not stored says so, and the next one stores them", async () => {
  await using place = await openLarge({ server, lfs }, {});
  await place.commit({ "b.bin": randomBytes(500) });
  lfs.faults.store = (_, response) => {
    response.writeHead(507).end();
    return true;
  };
  const own = { url: place.repository.url, name: "r" };
  const push = () =>
    place.workspaceGit.push(place.box, own, { branch: BRANCH, group: "push", report: () => undefined });
  await expect(push()).rejects.toMatchObject({
    code: "push_failed",
    message: expect.stringMatching(
      /^The push of '\S+' failed: its large files were not stored: The large file \w{12} was not stored: its store answered with the status 507\.$/,
    ),
  });
  delete lfs.faults.store;
  await push();
  expect(await lfs.has(await oidOf(place, "b.bin"))).toBe(true);
});

test("a download that is cut goes on where it was", async () => {
  const content = randomBytes(2_000_000);
  await using place = await openLarge({ server, lfs }, { "a.bin": content });
  const ranges: unknown[] = [];
  lfs.faults.store = ({ headers }, response) => {
    ranges.push(headers.range);
    if (ranges.length > 1) return false;
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, 1_000_000), () => response.destroy());
    return true;
  };
  await place.git("lfs", "pull");
  expect(await readFile(`${place.directory}/a.bin`)).toEqual(content);
  expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-/)]);
});

test("a workspace that may only read uploads nothing, nor does one that may push to another branch", async () => {
  await using place = await openLarge({ server, lfs }, { "a.bin": randomBytes(500) });
  await place.git("lfs", "pull");
  await place.commit({ "b.bin": randomBytes(500) });
  const other = await place.push("HEAD:refs/heads/other");
  expect(other.stderr).toContain(`the large files of refs/heads/other: this workspace may only push to ${BRANCH}`);
  place.grant.access = "read";
  const refused = await place.push(BRANCH);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain("Workspace may only read this repository");
  expect((await place.run("git", "lfs", "lock", "a.bin")).stderr).toContain("Workspace may only read this repository");
  expect(await lfs.has(await oidOf(place, "b.bin"))).toBe(false);
  expect(lfs.locks).toEqual([]);
});

test("files are locked, listed and unlocked; another's lock is not taken away without the right to force", async () => {
  await using place = await openLarge({ server, lfs }, { "a.bin": randomBytes(500) });
  await place.git("lfs", "pull");
  expect(await place.run("git", "lfs", "lock", "a.bin")).toMatchObject({ code: 0 });
  expect(await place.git("lfs", "locks")).toContain("a.bin");
  expect((await place.run("git", "lfs", "unlock", "--force", "a.bin")).stderr).toContain("may not take another's lock");
  expect(await place.run("git", "lfs", "unlock", "a.bin")).toMatchObject({ code: 0 });
  expect(lfs.locks).toEqual([]);
});

test("a server that has no locks takes large files all the same", async () => {
  await using place = await openLarge({ server, lfs }, {});
  lfs.faults.forge = ({ url = "" }, response) => {
    if (url.includes("/objects/")) return false;
    response.writeHead(404).end();
    return true;
  };
  await place.commit({ "b.bin": randomBytes(500) });
  const pushed = await place.push(BRANCH);
  expect(pushed).toMatchObject({ code: 0, stderr: expect.not.stringContaining("lock") });
  expect((await place.run("git", "lfs", "lock", "b.bin")).stderr).toContain(
    "Workspace found no locks of Git LFS at the server",
  );
});

test("after a new connection git-lfs finds the worker again, and the ways of the earlier one are gone", async () => {
  const content = randomBytes(500);
  await using place = await openLarge({ server, lfs }, { "a.bin": content });
  const [way] = await waysOf(place);
  await place.attach();
  await place.git("lfs", "pull");
  expect(await readFile(`${place.directory}/a.bin`)).toEqual(content);
  const there = await entrance(place);
  const stale = await fetch(`${there}/info/lfs/objects/ws/${way?.split("/").at(-1)}`);
  expect([stale.status, await stale.json()]).toEqual([404, { message: expect.stringContaining("has ended") }]);
});

test("a server without Git LFS fails a clone with one sentence", async () => {
  await using place = await openLarge({ server, lfs }, { "a.bin": randomBytes(500) });
  lfs.faults.forge = (_, response) => {
    response.writeHead(404, { "Content-Type": "text/html" }).end("<html>");
    return true;
  };
  const own = { url: place.repository.url, name: "large", checkout: { lfs: true } };
  await expect(
    place.workspaceGit.clone(place.box, own, { group: "clone", report: () => undefined }),
  ).rejects.toMatchObject({
    code: "clone_failed",
    message: `The large files of '${place.repository.url}' were not fetched: its server has no Git LFS.`,
    next: expect.stringContaining("--lfs"),
  });
});

test("a token that ended is renewed for a batch, and one that stays refused is told as such", async () => {
  const content = randomBytes(500);
  await using place = await openLarge({ server, lfs }, { "a.bin": content });
  const before = place.token;
  place.token = newToken();
  await place.git("lfs", "pull");
  expect(place.granting.refused).toEqual([before]);
  expect(await readFile(`${place.directory}/a.bin`)).toEqual(content);
  lfs.faults.forge = (_, response) => {
    response.writeHead(401).end();
    return true;
  };
  const own = { url: place.repository.url, name: "large", checkout: { lfs: true } };
  const cloning = place.workspaceGit.clone(place.box, own, { group: "clone", report: () => undefined });
  await expect(cloning).rejects.toMatchObject({
    code: "authentication_failed",
    message: expect.stringContaining("the credential work was refused"),
  });
});

async function oidOf(place: GrantedPlace, name: string): Promise<string> {
  return /oid sha256:([0-9a-f]{64})/.exec(await place.git("cat-file", "blob", `HEAD:${name}`))?.[1] ?? "";
}

/** Asks for the objects of the checked out files, and resolves to where they are said to be. */
async function waysOf(place: GrantedPlace, operation = "download"): Promise<string[]> {
  const listed = await place.git("lfs", "ls-files", "--long");
  const objects = [...listed.matchAll(/^([0-9a-f]{64})/gm)].map(([oid]) => ({ oid, size: 500 }));
  const url = `${await entrance(place)}/info/lfs/objects/batch`;
  const answered = await fetch(url, { method: "POST", body: JSON.stringify({ operation, objects }) });
  const text = await answered.text();
  const told = JSON.parse(text) as { objects?: { actions?: Record<string, { href: string }> }[] };
  return (told.objects ?? []).flatMap(({ actions = {} }) => Object.values(actions).map(({ href }) => href));
}
