import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GitServer, startGitServer } from "../testing/git-server.ts";
import { BRANCH, newToken, openGranted } from "../testing/granted-place.ts";

let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());

test("a grant that was revoked or has expired is told with the next step", async () => {
  await using place = await openGranted(server);
  place.grant.expiresAt = Date.now() - 1;
  const expired = await place.push("HEAD:x");
  expect(expired.stderr).toMatch(/remote: Workspace cannot log in: its grant for \S+ expired at 2.*'ws credential/);
  await place.granting.revoke("ws-standin");
  place.grant.revokedAt = Date.now();
  expect((await place.push("HEAD:x")).stderr).toMatch(/its grant for \S+ was revoked/);
});

test("what a push builds on is not fetched where the worker's disk is nearly full, nor further once it is", async () => {
  let left = Infinity;
  const freeBytes = async (directory: string): Promise<number> => (directory.includes("/known-") ? left : Infinity);
  await using place = await openGranted(server, { ".github/workflows/ci.yml": "on: push\n" }, { freeBytes });
  await place.commit({ "b.txt": "b\n" });
  left = 0;
  const before = server.requests.length;
  expect((await place.push(BRANCH)).stderr).toContain("the worker's disk is nearly full");
  expect(server.requests.slice(before).filter(({ url }) => url.endsWith("git-upload-pack"))).toEqual([]);
  left = Infinity;
  server.intercept(`/${place.name}.git/git-upload-pack`, () => (left = 0));
  expect((await place.push(BRANCH)).stderr).toContain("the worker's disk is nearly full");
  await expect.poll(place.spooled).toEqual([]);
});

test.each(["answers", "closes before its answer is read"])(
  "a token that ends while a pack is on its way is renewed, and the push arrives once, where the forge %s",
  async (how) => {
    await using place = await openGranted(server);
    await place.commit({ "big.bin": randomBytes(3_000_000) });
    const before = place.token;
    const meanwhile = (): void => void (place.token = newToken());
    server.breakPush(place.name, { afterBytes: 500_000, end: how === "answers" ? 401 : "close", meanwhile });
    expect(await place.push(BRANCH)).toMatchObject({ code: 0 });
    expect(place.granting.refused).toEqual([before]);
    expect(await place.repository.git("rev-parse", BRANCH)).toBe(await place.git("rev-parse", "HEAD"));
    const posts = server.requests.filter(({ url }) => url.startsWith(`/${place.name}.git/git-receive-pack`));
    // Git's own question whether it is let in, what was broken off, and what was taken.
    expect(posts).toHaveLength(3);
  },
);

test.each([
  ["refuses two tokens", [401, 401], /\(Workspace cannot log in: the credential work was refused by 127/],
  ["forbids", [403], /\(127\S+ answered with the status 403: You may not: \*\*\*\)/],
  ["breaks down", [502], /\(Workspace cannot reach 127\S+: it answered with the status 502: You may not: \*\*\*\)/],
  ["closes the connection", ["close" as const], /\(Workspace cannot reach 127\S+: the connection was cut/],
])(
  "a forge that %s in the middle of a pack is no success, and its answer does not bring the token",
  async (_, ends, words) => {
    await using place = await openGranted(server);
    await place.commit({ "big.bin": randomBytes(3_000_000) });
    const meanwhile = (): void => void (ends[0] === 401 && (place.token = newToken()));
    const shown = `You may not: ${place.token}\n`;
    for (const end of ends) server.breakPush(place.name, { afterBytes: 500_000, end, text: shown, meanwhile });
    const failed = await place.push(BRANCH);
    expect(failed.code).not.toBe(0);
    expect(failed.stderr).toMatch(words);
    expect(await place.repository.git("for-each-ref", `refs/heads/${BRANCH}`)).toBe("");
    expect(await place.push(BRANCH)).toMatchObject({ code: 0 });
  },
);

test("the worker's own push in a workspace tells a refusal from a forge that is away and from a credential that is not taken", async () => {
  await using place = await openGranted(server);
  await place.commit({ "b.txt": "b\n" });
  const pushing = (branch: string): Promise<unknown> =>
    place.workspaceGit.push(
      place.box,
      { url: place.repository.url, name: "r" },
      { branch, group: "push", report: () => undefined },
    );
  await expect(pushing("main")).rejects.toMatchObject({
    code: "push_refused",
    message: "The push of 'main' was refused: this workspace may only push to parallax/exec-1/engineer/fix.",
  });
  server.breakPush(place.name, { afterBytes: 10, end: 503 });
  await expect(pushing(BRANCH)).rejects.toMatchObject({
    code: "repository_unreachable",
    message: expect.stringContaining("it answered with the status 503"),
  });
  for (const end of [401, 401]) {
    server.breakPush(place.name, { afterBytes: 10, end, meanwhile: () => void (place.token = newToken()) });
  }
  await expect(pushing(BRANCH)).rejects.toMatchObject({
    code: "authentication_failed",
    message: expect.stringContaining("the credential work was refused by 127"),
    next: expect.stringContaining("ws credential set"),
  });
  await expect(pushing(BRANCH)).resolves.toMatchObject({ commit: expect.any(String) });
});

test("a refused push of a large pack is told as one, not as a broken connection", async () => {
  await using place = await openGranted(server);
  await place.commit({ "big.bin": randomBytes(20_000_000) });
  expect((await place.push("HEAD:refs/heads/main")).stderr).toMatch(/! \[remote rejected\]/);
});

test("pushes of several workspaces at once do not meet", async () => {
  const places = await Promise.all([1, 2, 3, 4].map(() => openGranted(server)));
  await Promise.all(places.map((place, index) => place.commit({ "big.bin": randomBytes(1_000_000 + index) })));
  const pushed = await Promise.all(places.map((place) => place.push(BRANCH)));
  expect(pushed.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  for (const place of places) {
    expect(await place.repository.git("rev-parse", BRANCH)).toBe(await place.git("rev-parse", "HEAD"));
    await expect.poll(place.spooled).toEqual([]);
    await place[Symbol.asyncDispose]();
  }
});
