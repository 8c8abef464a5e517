import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runToEnd } from "../run-git.ts";
import { attaching } from "../testing/attaching.ts";
import { type GitServer, startGitServer } from "../testing/git-server.ts";

const password = crypto.randomUUID();
let server: GitServer;
const { attached, git, lsRemote, own } = attaching(() => server);
beforeAll(async () => {
  server = await startGitServer();
  await server.create("o/r");
  await server.create("o/private", { auth: { user: "me", password } });
});
afterAll(() => server[Symbol.asyncDispose]());

test("the user's own credential helper answers for the real host, though git talks to the forward", async () => {
  await using box = await attached();
  const section = `credential.${server.origin}.helper`;
  const helper = `!f() { test "$1" = get && echo username=me && echo password=${password}; }; f`;
  await runToEnd(box, ["git", "config", "--file", `${box.home}/.gitconfig`, section, helper]);
  expect(await lsRemote(box, `${server.origin}/o/private.git`)).toMatchObject({ code: 0, stderr: "" });
});

test("a private repository without a grant is refused in words that name the next step, not with git's own complaint that it cannot ask", async () => {
  await using box = await attached();
  const url = `${server.origin}/o/private.git`;
  const before = server.requests.length;
  const refused = await lsRemote(box, url);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain(`remote: Workspace has no grant for ${url}, which is private or does not exist.`);
  expect(refused.stderr).toContain(`then 'ws credential grant ${box.id} ${url}'`);
  expect(refused.stderr).not.toContain("could not read Username");
  expect(server.requests.slice(before).some(({ authorized }) => authorized)).toBe(false);
  const cloning = git.clone(box, own("o/private"), { group: "clone", report: () => undefined });
  await expect(cloning).rejects.toMatchObject({
    code: "authentication_failed",
    message: `Authentication failed for '${url}': it is private, or does not exist.`,
  });
  const pushed = await runToEnd(box, ["sh", "-c", `git init -q p && git -C p push ${url} x`]);
  expect(pushed.code).not.toBe(0);
});

test("a forge that calls what it hides not found is told with the grant that may be missing", async () => {
  server.intercept("/o/hidden.git", (_, response) => void response.writeHead(404).end());
  await using box = await attached();
  const { stderr } = await lsRemote(box, `${server.origin}/o/hidden.git`);
  expect(stderr).toMatch(
    /remote: Repository not found: .*\/o\/hidden\.git; if it is private, .* no grant .*'ws credential grant/,
  );
});

test("what stands in for a missing credential is never given to the user's own helpers to keep", async () => {
  await using box = await attached();
  const seen = `${box.home}/seen`;
  const helper = `!f() { cat >>${seen}; echo "verb=$1" >>${seen}; }; f`;
  await runToEnd(box, ["git", "config", "--file", `${box.home}/.gitconfig`, "credential.helper", helper]);
  await lsRemote(box, `${server.origin}/o/private.git`);
  const include = await readFile(`${box.home}/.config/git/ws-forward`, "utf8");
  const [, capability = ""] = /127\.0\.0\.1:\d+\/([0-9a-f]{48})\//.exec(include) ?? [];
  expect(capability).not.toBe("");
  const kept = await readFile(seen, "utf8");
  expect(kept).toContain(`host=${new URL(server.origin).host}`);
  expect(kept).not.toMatch(new RegExp(`password=${capability}`));
});

test("on a terminal git asks its user, in the real host's name, before the worker refuses", async () => {
  await using box = await attached();
  const url = `${server.origin}/o/private.git`;
  const asked = { name: Promise.withResolvers<void>(), word: Promise.withResolvers<void>() };
  async function* typed() {
    await asked.name.promise;
    yield new TextEncoder().encode("me\n");
    await asked.word.promise;
    yield new TextEncoder().encode(`${password}\n`);
  }
  const argv = ["script", "-qec", `git ls-remote -- ${url} && echo reached`, "/dev/null"] as const;
  const process = await box.run(argv, { stdin: typed(), env: { LC_ALL: "C" } });
  let shown = "";
  for await (const bytes of process.stdout) {
    shown += Buffer.from(bytes).toString();
    if (shown.includes(`Username for '${server.origin}`)) asked.name.resolve();
    if (shown.includes(`Password for 'https://me@${new URL(server.origin).host}`)) asked.word.resolve();
  }
  expect(shown).toContain("reached");
});

test("a user name and password in a remote's URL reach the forge as they would without the forward", async () => {
  await using box = await attached();
  const withUser = server.origin.replace("https://", `https://me:${password}@`);
  expect((await lsRemote(box, `${withUser}/o/private.git`)).code).toBe(0);
});
