import { generateKeyPairSync, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GitServer, startGitServer } from "../../testing/git-server.ts";
import { BRANCH, type GrantedPlace, ME, openGranted } from "../../testing/granted-place.ts";
import { type SshGitServer, startSshGitServer } from "../../testing/ssh-git-server.ts";

const WORKFLOW = ".github/workflows/ci.yml";

let server: GitServer;
let ssh: SshGitServer;
let plain: SshGitServer;
beforeAll(async () => {
  [server, ssh, plain] = await Promise.all([
    startGitServer(),
    startSshGitServer(),
    startSshGitServer({ protocol: false, single: true }),
  ]);
});
afterAll(async () => {
  for (const each of [server, ssh, plain]) await each[Symbol.asyncDispose]();
});

test.each([
  ["the second version of git's protocol", () => ssh],
  ["the first version alone, and one command a connection", () => plain],
])("a workspace clones, fetches and pushes by ssh and has no key, where the server speaks %s", async (_, by) => {
  await using place = await openGranted(server, { "a.txt": "a\n" }, { by: by() });
  expect(await place.git("config", "remote.origin.url")).toBe(`${place.repository.url}\n`);
  await place.commit({ "b.txt": "b\n" });
  expect(await place.push(BRANCH)).toMatchObject({ code: 0 });
  expect(await place.repository.git("rev-parse", BRANCH)).toBe(await place.git("rev-parse", "HEAD"));
  for (const [at, branch] of ["side", BRANCH, "side"].entries()) {
    await place.change(branch, { [`c${at}.txt`]: "c\n" });
    await place.git("fetch", "origin");
    expect(await place.git("show", `origin/${branch}:c${at}.txt`)).toBe("c\n");
  }
  await place.git("merge", "-q", `origin/${BRANCH}`);
  await place.commit({ "big.bin": randomBytes(3_000_000) });
  expect(await place.push(BRANCH)).toMatchObject({ code: 0 });
  expect((await place.push(BRANCH)).stderr).toContain("Everything up-to-date");
  const key = by().privateKey.split("\n")[2] ?? "";
  expect(place.said.join("\n")).not.toContain(key);
  expect(new Set(by().commands.map((command) => command.split(" ")[0]))).toEqual(
    new Set(["git-upload-pack", "git-receive-pack"]),
  );
});

test("a push that builds on what is at no branch's tip any more is judged also where the server speaks the first version alone", async () => {
  await using place = await openGranted(server, { ".github/workflows/ci.yml": "on: push\n" }, { by: plain });
  await place.change("main", { "c.txt": "c\n" });
  await place.commit({ "b.txt": "b\n" });
  expect(await place.push(BRANCH)).toMatchObject({ code: 0 });
  await place.commit({ ".github/workflows/ci.yml": "on: [push, issues]\n" });
  expect((await place.push(BRANCH)).stderr).toContain("this workspace may not change workflow files");
});

test.each([
  ["the second version", () => ssh, "2"],
  ["the first version", () => plain, "2"],
  ["the first version, asked for by git", () => ssh, "0"],
  ["the first version with its name before it", () => ssh, "1"],
])("short, deepened and partial clones work by ssh in %s", async (_, by, version) => {
  await using place = await openGranted(server, { "a.txt": "a\n" }, { by: by() });
  for (let count = 0; count < 5; count += 1) await place.change("side", { [`${count}.txt`]: `${count}\n` });
  // What is left out is asked for by its own name, which in the first version is a matter of the server's settings.
  for (const name of ["allowFilter", "allowAnySHA1InWant"])
    await place.repository.git("config", `uploadpack.${name}`, "true");
  const git = ["-c", `protocol.version=${version}`];
  const { url } = place.repository;
  await place.git(...git, "clone", "-q", "--depth=1", "-b", "side", url, "../short");
  const count = () => place.git("-C", "../short", "rev-list", "--count", "HEAD");
  expect(await count()).toBe("1\n");
  await place.git("-C", "../short", ...git, "fetch", "-q", "--deepen=2");
  expect(await count()).toBe("3\n");
  await place.git("-C", "../short", ...git, "fetch", "-q", "--unshallow");
  expect(await count()).toBe("7\n");
  await place.git(...git, "clone", "-q", "--filter=blob:none", "-b", "side", url, "../partial");
  expect(await place.git("-C", "../partial", "show", "HEAD~3:1.txt")).toBe("1\n");
});

test("a history that is long here and unknown there is told apart in several questions", async () => {
  await using place = await openGranted(server, { "a.txt": "a\n" }, { by: plain });
  await place.git("checkout", "-q", "--orphan", "own");
  for (let at = 0; at < 40; at += 1) await place.git(...ME, "commit", "-q", "--allow-empty", "-m", `${at}`);
  await place.change("side", { "c.txt": "c\n" });
  await place.git("fetch", "origin");
  expect(await place.git("show", "origin/side:c.txt")).toBe("c\n");
});

test.each([
  ["main", () => ["HEAD:refs/heads/main"], /may only push to parallax/],
  ["a deletion", () => [`:refs/heads/${BRANCH}`], /\(this workspace may not delete\)/],
  ["a tag", () => ["HEAD:refs/tags/v1"], /may not push tags/],
  ["an earlier commit", () => [`+HEAD~1:${BRANCH}`], /non-fast-forward: this workspace may not rewrite/],
])("a push of %s by ssh is refused as over https, and the server is not asked for it", async (_, refspecs, reason) => {
  await using place = await openGranted(server, { "a.txt": "a\n" }, { by: ssh });
  await place.commit({ "b.txt": "b\n" });
  await place.push(BRANCH);
  const before = await place.repository.git("for-each-ref");
  const refused = await place.push(...refspecs());
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toMatch(reason);
  expect(refused.stderr).toMatch(/remote: Workspace refused the push of/);
  expect(await place.repository.git("for-each-ref")).toBe(before);
});

test("what a push by ssh builds on is looked at with the same key: workflows, and what somebody else pushed", async () => {
  await using place = await openGranted(server, { [WORKFLOW]: "on: push\n", "a.txt": "a\n" }, { by: ssh });
  await place.commit({ "b.txt": "b\n" });
  expect(await place.push(BRANCH)).toMatchObject({ code: 0 });
  await place.commit({ [WORKFLOW]: "on: pull_request_target\n" });
  expect((await place.push(BRANCH)).stderr).toMatch(/may not change workflow files/);
  await place.git("reset", "-q", "--hard", "HEAD~1");
  await place.change(BRANCH, { "theirs.txt": "t\n" });
  await place.git("pull", "-q", "--rebase", "origin", BRANCH);
  await place.commit({ "c.txt": "c\n" });
  expect(await place.push(BRANCH)).toMatchObject({ code: 0 });
});

test("a right that only reads, and one that has ended, are told in words", async () => {
  await using place = await openGranted(server, { "a.txt": "a\n" }, { by: ssh });
  place.grant.access = "read";
  await place.commit({ "b.txt": "b\n" });
  expect((await place.push(BRANCH)).stderr).toMatch(/remote: Workspace may only read this repository/);
  place.grant.revokedAt = Date.now();
  expect((await place.run("git", "fetch")).stderr).toMatch(/remote: Workspace cannot log in: its grant .* was revoked/);
});

test("another repository of the host is not led without a right of its own, also where its name begins the same", async () => {
  await using place = await openGranted(server, { "a.txt": "a\n" }, { by: ssh });
  const url = (name: string): string => ssh.url(place.repository.path.replace(/\.git$/, `${name}.git`));
  for (const name of ["-two", "2", ".github.io"]) {
    expect(await place.git("ls-remote", "--get-url", url(name))).toBe(`${url(name)}\n`);
  }
  const before = ssh.commands.length;
  const refused = await place.run("git", "ls-remote", url("x"));
  expect(refused.stderr).toMatch(/remote: Workspace has no grant for ssh:\/\/git@127\.0\.0\.1:\d+\S+x\.git;/);
  expect(refused.stderr).toMatch(/'ws credential grant ws-\S+ ssh:\S+x\.git'/);
  expect(refused.stderr).toContain("'git config --global url.URL.insteadOf URL'");
  expect(ssh.commands).toHaveLength(before);
  await place.git("config", "--global", `url.${url("x")}.insteadOf`, url("x"));
  expect(await place.git("ls-remote", "--get-url", url("x"))).toBe(`${url("x")}\n`);
  const given = await server.create(`other/${place.name}`, {});
  for (const path of [given.path, given.path.replace(/\.git$/, "")]) {
    place.granting.give({ url: ssh.url(path), access: "read", credential: place.grant.credential });
    await place.workspaceGit.showRights(place.box);
    expect(await place.git("ls-remote", ssh.url(path))).toContain("refs/heads/main");
  }
});

test("CVE-2017-1000117 and its kind: a repository's name is one word of the server's shell", async () => {
  await using place = await openGranted(server, { "a.txt": "a\n" }, { by: ssh });
  const name = "it's`touch x`$(touch y);!-'z";
  await place.repository.git("clone", "-q", "--bare", place.repository.path, `${place.repository.path}-${name}`);
  const path = `${place.repository.path}-${name}`;
  const url = ssh.url(path.split("/").map(escaped).join("/"));
  place.granting.give({ url, credential: place.grant.credential });
  await place.attach();
  expect(await place.git("ls-remote", url)).toContain("refs/heads/main");
  expect(ssh.commands.at(-1)).toContain(`'it'\\''s\`touch`.slice(4));
});

test("a host whose key nobody told is not asked for anything, and the refusal says what it is and what to do", async () => {
  await using place = await openGranted(server, { "a.txt": "a\n" }, { by: ssh });
  const before = ssh.commands.length;
  for (const [hostKeys, words] of [
    [
      [],
      /does not trust 127\.0\.0\.1:\d+ yet: its host key is SHA256:\S{43} \(ssh-ed25519\).*'ws credential set deploy --host-key SHA256:/,
    ],
    [[plain.hostKey], /does not trust 127\.0\.0\.1:\d+ any more: its host key is SHA256:\S{43}/],
  ] as const) {
    trust(place, hostKeys);
    await place.attach();
    const refused = await place.run("git", "fetch");
    expect(refused.stderr).toMatch(words);
  }
  expect(ssh.commands).toHaveLength(before);
  const { workspaceGit: git, box, repository } = place;
  const asked = { group: "fetch", report: () => undefined };
  await expect(git.fetch(box, { url: repository.url, name: "r" }, asked)).rejects.toMatchObject({
    code: "host_key_changed",
    data: { fingerprint: expect.stringMatching(/^SHA256:/) },
    next: expect.stringContaining("ws credential set deploy --host-key"),
  });
});

test("a host is known by the worker's known_hosts where nothing was given with the key", async () => {
  let known = "";
  const knownHosts = async () => known;
  await using place = await openGranted(server, { "a.txt": "a\n" }, { by: ssh, knownHosts });
  trust(place, []);
  await place.attach();
  expect((await place.run("git", "fetch")).code).not.toBe(0);
  known = `[127.0.0.1]:${ssh.port} ${ssh.hostKey}\n`;
  await place.git("fetch");
});

test("a key that the server does not take is told by its name", async () => {
  await using place = await openGranted(server, { "a.txt": "a\n" }, { by: ssh });
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  Object.assign(place.key, { privateKey: privateKey.export({ type: "sec1", format: "pem" }) });
  await place.attach();
  expect((await place.run("git", "fetch")).stderr).toMatch(
    /remote: Workspace cannot log in: the credential deploy was refused by 127\.0\.0\.1/,
  );
});

test.each([
  ["ERROR: Repository not found.\n", /remote: Repository not found: \S+, where the worker's key/],
  ["fatal: '/o/r' does not appear to be a git repository\n", /remote: Repository not found/],
  [
    "ERROR: The key you are authenticating with has been marked as read only.\n",
    /remote: Authentication failed: .*read only/,
  ],
  ["Something else\u001b[31m\n", /remote: Workspace cannot reach 127\.0\.0\.1:\d+: Something else \[31m\./],
  ["", /ended without a word/],
])("what a server says of a refusal is told: %j", async (words, told) => {
  await using place = await openGranted(server, { "a.txt": "a\n" }, { by: ssh });
  ssh.refuse(/^git-upload-pack/, words);
  const refused = await place.run("git", "fetch");
  expect(refused.stderr).toMatch(told);
  await place.git("fetch");
});

test("a connection that is cut in the middle of a pack fails the fetch, leaves nothing half-made, and the next one works", async () => {
  await using place = await openGranted(server, { "a.txt": "a\n" }, { by: ssh });
  await place.change("side", { "big.bin": randomBytes(2_000_000).toString("hex") });
  for (const bytes of [100, 20_000, 1_000_000]) {
    // The second program is asked for the list, the third for the pack.
    const before = ssh.commands.length;
    ssh.cut(/^git-upload-pack/, Infinity);
    ssh.cut(/^git-upload-pack/, Infinity);
    ssh.cut(/^git-upload-pack/, bytes);
    expect((await place.run("git", "fetch", "origin", "side")).code).not.toBe(0);
    expect(ssh.commands.length - before).toBeLessThanOrEqual(4);
  }
  await place.git("fetch", "origin", "side");
  await place.git("fsck", "--no-dangling");
});

test("a connection that is cut in the middle of a push is told, and what arrived is shown by the next fetch", async () => {
  await using place = await openGranted(server, { "a.txt": "a\n" }, { by: ssh });
  await place.commit({ "b.txt": "b\n" });
  ssh.cut(/^git-receive-pack/, Infinity);
  ssh.cut(/^git-receive-pack/, 200);
  expect((await place.push(BRANCH)).code).not.toBe(0);
  expect(await place.push(BRANCH)).toMatchObject({ code: 0 });
});

test("one connection serves a whole fetch where the server allows it", async () => {
  await using place = await openGranted(server, { "a.txt": "a\n" }, { by: ssh });
  await place.change("side", { "c.txt": "c\n" });
  await place.attach();
  const before = ssh.connections();
  await place.git("fetch");
  expect(ssh.connections() - before).toBe(1);
});

function trust(place: GrantedPlace, hostKeys: readonly string[]): void {
  Object.assign(place.key, { hostKeys });
}

function escaped(segment: string): string {
  return encodeURIComponent(segment).replace(/['!()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}
