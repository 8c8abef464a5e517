import { afterAll, beforeAll, expect, test } from "vitest";
import { runToEnd } from "../run-git.ts";
import { attaching } from "../testing/attaching.ts";
import { listenAndCount } from "../testing/counting-listener.ts";
import { type GitServer, startGitServer } from "../testing/git-server.ts";

let server: GitServer;
const { attached, git, lsRemote, own } = attaching(() => server);
beforeAll(async () => {
  server = await startGitServer({ hosts: ["forge.test", "other.test"] });
  await server.create("o/r", { files: { "a.txt": "a\n" } });
  await server.create("o/read-only", { push: false });
  await server.create("a b/r");
});
afterAll(() => server[Symbol.asyncDispose]());

test("a refused host is told to git's user in words, with the reason", async () => {
  await using box = await attached();
  const other = await lsRemote(box, `https://localhost:${server.port}/o/r.git`);
  expect(other.stderr).toMatch(/remote: Workspace does not lead there: localhost is at the private address/);
  const missing = await lsRemote(box, "https://git.invalid/o/r.git");
  expect(missing.stderr).toMatch(/remote: Workspace cannot reach git.invalid: the name does not resolve/);
});

test("the forward is no way out for the profile 'agent' (exfiltration, the lethal trifecta): only its own repository's server is served", async () => {
  await using box = await attached({ allowPrivateAddresses: true }, "agent");
  expect((await lsRemote(box, `${server.origin}/o/r.git`)).code).toBe(0);
  const before = server.requests.length;
  for (const host of [`other.test:${server.port}`, `localhost:${server.port}`, "forge.test"]) {
    const refused = await lsRemote(box, `https://${host}/o/r.git`);
    expect(refused.stderr).toMatch(/remote: Workspace does not lead there: .*'agent' has only its own repository/);
  }
  expect(server.requests).toHaveLength(before);
  await git.attach(box, { profile: "agent" });
  expect((await lsRemote(box, `${server.origin}/o/r.git`)).stderr).toContain("no repository of its own");
  await using person = await attached({ allowPrivateAddresses: true });
  expect((await lsRemote(person, `https://localhost:${server.port}/o/r.git`)).stderr).not.toContain("profile 'agent'");
});

test("CVE-2026-70357: a name that changes its address between check and connection reaches only the checked one", async () => {
  await using inner = await listenAndCount();
  let asked = 0;
  const lookup = async () => [{ address: asked++ === 0 ? "192.0.0.1" : "127.0.0.1", family: 4 }];
  const flipping = await attached({ lookup, allowPrivateAddresses: true, timeouts: { connectMs: 300 } });
  await using box = flipping;
  expect((await lsRemote(box, `https://forge.test:${inner.port}/o/r.git`)).code).not.toBe(0);
  expect(asked).toBe(1);
  expect(inner.hits()).toBe(0);
});

test.each(["[::ffff:127.0.0.1]", "0x7f000001", "2130706433", "127.1", "127.0.0.1", "[::1]", "rebound.test"])(
  "CVE-2026-101029: %s does not lead a workspace to the worker's own network",
  async (host) => {
    await using inner = await listenAndCount();
    await using box = await attached({ lookup: async () => [{ address: "127.0.0.1", family: 4 }] });
    expect((await lsRemote(box, `https://${host}:${inner.port}/o/r.git`)).code).not.toBe(0);
    expect(inner.hits()).toBe(0);
  },
);

test("a repository that moved within its forge is followed; one that moved elsewhere is named and not followed", async () => {
  await using inner = await listenAndCount();
  server.intercept("/old/r.git", (request, response) => {
    response.writeHead(301, { Location: (request.url ?? "").replace("/old/", "/o/") }).end();
  });
  server.intercept("/gone/r.git", (_, response) => {
    const location = `https://127.0.0.1:${inner.port}/o/r.git/info/refs?service=git-upload-pack`;
    response.writeHead(302, { Location: location }).end();
  });
  await using box = await attached();
  const moved = await lsRemote(box, `${server.origin}/old/r.git`);
  expect(moved).toMatchObject({ code: 0, stderr: expect.stringMatching(/redirecting to .*\/o\/r\.git/) });
  const gone = await lsRemote(box, `${server.origin}/gone/r.git`);
  expect(gone.stderr).toContain(`the repository moved to https://127.0.0.1:${inner.port}/o/r.git`);
  expect(inner.hits()).toBe(0);
});

test("a forge's refusal of a push arrives as it was", async () => {
  await using box = await attached();
  await git.clone(box, own("o/read-only"), { group: "clone", report: () => undefined });
  const pushed = await runToEnd(box, ["git", "push", "origin", "HEAD:refs/heads/x"], { cwd: `${box.home}/read-only` });
  expect(pushed.stderr).toMatch(/returned error: 403|unable to access/);
});

test("a path with an escape reaches its repository", async () => {
  await using box = await attached();
  expect((await lsRemote(box, `${server.origin}/a%20b/r.git`)).code).toBe(0);
});

test("a certificate of an unknown authority is refused, with the reason", async () => {
  await using box = await attached({ ca: [] });
  const refused = await lsRemote(box, `${server.origin}/o/r.git`);
  expect(refused.stderr).toMatch(/Workspace cannot reach .*authority that this worker does not trust/);
});

test("a forge that never answers is given up, and the user is told", async () => {
  server.intercept("/silent/r.git", () => undefined);
  await using box = await attached({ timeouts: { idleMs: 200 } });
  expect((await lsRemote(box, `${server.origin}/silent/r.git`)).stderr).toContain("it does not answer");
});

test("a download that git gives up ends at the forge too", async () => {
  const ended = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  server.intercept("/endless/r.git", (_, response) => {
    response.writeHead(200, { "Content-Type": "application/x-git-upload-pack-advertisement" });
    response.write("001e# service=git-upload-pack\n");
    response.on("close", () => ended.resolve());
    begun.resolve();
  });
  await using box = await attached();
  const abort = new AbortController();
  const argv = ["git", "ls-remote", `${server.origin}/endless/r.git`] as const;
  const running = runToEnd(box, argv, { signal: abort.signal }).catch((error: unknown) => error);
  await begun.promise;
  abort.abort();
  await expect(ended.promise).resolves.toBeUndefined();
  await running;
});

test("when the Box closes, the connections to the forge end", async () => {
  const ended = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  server.intercept("/held/r.git", (_, response) => {
    response.on("close", () => ended.resolve());
    begun.resolve();
  });
  const box = await attached();
  const running = lsRemote(box, `${server.origin}/held/r.git`).catch((error: unknown) => error);
  await begun.promise;
  await box[Symbol.asyncDispose]();
  await expect(ended.promise).resolves.toBeUndefined();
  await running;
});
