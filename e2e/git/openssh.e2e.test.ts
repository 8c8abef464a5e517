import { execFile } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { BRANCH, type GitServer, type GrantedPlace, openGranted, startGitServer } from "@ws/git-provider/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpensshForge, startOpensshForge } from "../support/openssh-forge.ts";
import { workspaceImage } from "../support/workspace-image.ts";

let server: GitServer;
let accepting: OpensshForge;
let plain: OpensshForge;
beforeAll(async () => {
  const [made, image] = await Promise.all([startGitServer(), workspaceImage()]);
  server = made;
  const root = dirname(server.caFile);
  [accepting, plain] = await Promise.all([
    startOpensshForge({ image, root, options: ["AcceptEnv=GIT_PROTOCOL"] }),
    startOpensshForge({ image, root, options: ["MaxSessions=1"] }),
  ]);
});
afterAll(async () => {
  for (const each of [accepting, plain, server]) await each?.[Symbol.asyncDispose]();
});

describe.each([
  ["lets git's wish for the second version through", () => accepting, true],
  ["knows of no wish, and takes one command at a time", () => plain, false],
])("OpenSSH's own server, which %s", (_, by, isSecond) => {
  test("is cloned from, fetched from and pushed to", async () => {
    await using place = await openGranted(server, { "a.txt": "a\n" }, { by: by() });
    await place.commit({ "b.txt": "b\n" });
    expect(await place.push(BRANCH)).toMatchObject({ code: 0 });
    expect(await place.repository.git("rev-parse", BRANCH)).toBe(await place.git("rev-parse", "HEAD"));
    await place.change("side", { "theirs.bin": randomBytes(1_500_000).toString("hex") });
    await place.git("fetch", "origin");
    expect(await place.git("rev-parse", "origin/side")).toBe(await place.repository.git("rev-parse", "side"));
    await place.commit({ "big.bin": randomBytes(3_000_000) });
    expect(await place.push(BRANCH)).toMatchObject({ code: 0 });
    expect((await place.push(BRANCH)).stderr).toContain("Everything up-to-date");
    await place.git("clone", "-q", "--depth=1", "-b", "side", place.repository.url, "../short");
    expect(await place.git("-C", "../short", "rev-list", "--count", "HEAD")).toBe("1\n");
    const listed = ["main", "side"].map((name) =>
      place.run("sh", "-c", `GIT_TRACE_PACKET=1 git ls-remote origin ${name}`),
    );
    for (const { code, stdout, stderr } of await Promise.all(listed)) {
      expect(code).toBe(0);
      expect(stdout).toMatch(/^[0-9a-f]{40}\trefs\/heads\/(?:main|side)\n$/);
      expect(stderr.includes("< version 2")).toBe(isSecond);
    }
  });

  test("gets no push that is refused: of an earlier commit, to another branch, of a tag, of a deletion", async () => {
    await using place = await openGranted(server, { "a.txt": "a\n" }, { by: by() });
    await place.commit({ "b.txt": "b\n" });
    await place.push(BRANCH);
    const before = await place.repository.git("for-each-ref");
    for (const [refspec, words] of [
      [`+HEAD~1:${BRANCH}`, /non-fast-forward: this workspace may not rewrite/],
      ["HEAD:refs/heads/main", /may only push to parallax/],
      ["HEAD:refs/tags/v1", /may not push tags/],
      [`:refs/heads/${BRANCH}`, /this workspace may not delete/],
    ] as const) {
      const refused = await place.push(refspec);
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toMatch(words);
    }
    expect(await place.repository.git("for-each-ref")).toBe(before);
  });

  test("is told of in words where it has no such repository, and where it does not take the key", async () => {
    await using place = await openGranted(server, { "a.txt": "a\n" }, { by: by() });
    const url = by().url("/srv/nothing.git");
    place.granting.give({ url, credential: place.grant.credential });
    await place.attach();
    expect((await place.run("git", "ls-remote", url)).stderr).toMatch(/remote: Repository not found: ssh:\S+nothing/);
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    Object.assign(place.key, { privateKey: privateKey.export({ type: "sec1", format: "pem" }) });
    await place.attach();
    expect((await place.run("git", "fetch")).stderr).toMatch(
      /remote: Workspace cannot log in: the credential deploy was refused by 127\.0\.0\.1/,
    );
  });
});

test("a key of each kind logs in, also RSA, whose first signatures OpenSSH does not take any more", async () => {
  await using place = await openGranted(server, { "a.txt": "a\n" }, { by: accepting });
  for (const privateKey of Object.values(accepting.privateKeys)) {
    Object.assign(place.key, { privateKey });
    await place.attach();
    expect(await place.run("git", "fetch")).toMatchObject({ code: 0 });
  }
});

test("a host is known by any one of its keys, and the one that is known is asked for", async () => {
  await using place = await openGranted(server, { "a.txt": "a\n" }, { by: accepting });
  for (const hostKey of Object.values(accepting.hostKeys)) {
    expect(hostKey).toMatch(/^\S+ \S{60,}$/);
    await trust(place, [hostKey]);
    expect(await place.run("git", "fetch")).toMatchObject({ code: 0 });
  }
});

test("a host is known by what ssh-keyscan wrote into a known_hosts, also where its names are hashed", async () => {
  let known = "";
  const knownHosts = async () => known;
  await using place = await openGranted(server, { "a.txt": "a\n" }, { by: accepting, knownHosts });
  await trust(place, []);
  expect((await place.run("git", "fetch")).code).not.toBe(0);
  for (const more of [[], ["-H"]]) {
    const scanned = await promisify(execFile)("ssh-keyscan", [...more, "-p", String(accepting.port), "127.0.0.1"]);
    known = scanned.stdout;
    await place.attach();
    expect(await place.run("git", "fetch")).toMatchObject({ code: 0 });
  }
});

test("a host whose key is unknown or another one than before is not trusted, and the fingerprint that is told is OpenSSH's", async () => {
  await using place = await openGranted(server, { "a.txt": "a\n" }, { by: accepting });
  const running = promisify(execFile)("ssh-keygen", ["-l", "-f", "-"]);
  running.child.stdin?.end(`${accepting.hostKey}\n`);
  const [fingerprint = ""] = /SHA256:\S+/.exec((await running).stdout) ?? [];
  for (const [hostKeys, words] of [
    [[], "yet"],
    [[plain.hostKey], "any more"],
  ] as const) {
    await trust(place, hostKeys);
    const refused = await place.run("git", "fetch");
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain(
      `does not trust 127.0.0.1:${accepting.port} ${words}: its host key is ${fingerprint} `,
    );
    expect(refused.stderr).toContain(`ws credential set deploy --host-key ${fingerprint}`);
  }
});

async function trust(place: GrantedPlace, hostKeys: readonly string[]): Promise<void> {
  Object.assign(place.key, { hostKeys });
  await place.attach();
}
