import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Box, Log, Profile } from "@ws/workspace-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createGit } from "../../git.ts";
import { runToEnd } from "../../run-git.ts";
import { type GitServer, startGitServer } from "../../testing/git-server.ts";
import { type LfsServer, startLfsServer } from "../../testing/lfs-server.ts";
import { openStandInBox } from "../../testing/stand-in-box.ts";

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const password = crypto.randomUUID();
const content = randomBytes(5_000);
let server: GitServer;
let lfs: LfsServer;
beforeAll(async () => {
  server = await startGitServer();
  lfs = await startLfsServer(server);
  const files = { ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n", "a.bin": await lfs.put(content) };
  await server.create("o/public", { files });
  lfs.serve("o/public");
  // A forge that shows code to anybody, and large files to those who log in.
  await server.create("o/half", { files });
  lfs.serve("o/half", (_, given) => given === password);
});
afterAll(async () => {
  await lfs[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

test.each(["person", "agent"] as const)(
  "large files of a public repository need no grant, for the profile %s",
  async (profile) => {
    await using box = await cloned("o/public", profile);
    expect((await pull(box)).code).toBe(0);
    expect(await readFile(`${box.home}/r/a.bin`)).toEqual(content);
  },
);

test("what the workspace's own helper knows of the forge is shown to the forge, and to no store", async () => {
  await using box = await cloned("o/half");
  const section = `credential.${server.origin}.helper`;
  const helper = `!f() { test "$1" = get && echo username=me && echo password=${password}; }; f`;
  await runToEnd(box, ["git", "config", "--file", `${box.home}/.gitconfig`, section, helper]);
  const from = lfs.requests.length;
  expect((await pull(box)).code).toBe(0);
  expect(await readFile(`${box.home}/r/a.bin`)).toEqual(content);
  const seen = lfs.requests.slice(from).map(({ at, headers }) => [at, headers.authorization !== undefined]);
  expect(seen).toEqual([
    ["forge", false],
    ["forge", true],
    ["store", false],
  ]);
});

test("where nobody knows a credential the refusal says what is missing", async () => {
  await using box = await cloned("o/half");
  const refused = await pull(box);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain(`Workspace has no grant for ${server.origin}/o/half.git`);
  expect(refused.stderr).toContain(`'ws credential grant ${box.id} ${server.origin}/o/half.git'`);
});

test("a forge that is its own store is shown what it is shown anyway", async () => {
  await using box = await cloned("o/half");
  const section = `credential.${server.origin}.helper`;
  const helper = `!f() { test "$1" = get && echo username=me && echo password=${password}; }; f`;
  await runToEnd(box, ["git", "config", "--file", `${box.home}/.gitconfig`, section, helper]);
  const seen: boolean[] = [];
  server.intercept("/stored/", ({ headers }, response) => {
    seen.push(headers.authorization !== undefined);
    if (headers.authorization === undefined) response.writeHead(401, { "WWW-Authenticate": "Basic" }).end();
    else response.end(content);
  });
  lfs.faults.action = () => ({ href: `${server.origin}/stored/a` });
  lfs.faults.authenticated = false;
  expect((await pull(box)).code).toBe(0);
  delete lfs.faults.action;
  delete lfs.faults.authenticated;
  expect(await readFile(`${box.home}/r/a.bin`)).toEqual(content);
  expect(seen.at(-1)).toBe(true);
});

async function cloned(name: string, profile: Profile = "person"): Promise<Box> {
  const box = await openStandInBox();
  const git = createGit({ log: silent, ca: [server.ca, lfs.ca] });
  const repository = { url: `${server.origin}/${name}.git`, name: "r" };
  await git.attach(box, { profile, repository });
  await git.clone(box, repository, { group: "clone", report: () => undefined });
  return box;
}

function pull(box: Box): ReturnType<typeof runToEnd> {
  const env = { LC_ALL: "C", GIT_TERMINAL_PROMPT: "0" };
  return runToEnd(box, ["sh", "-c", "git lfs install --local >&2 && git lfs pull"], { cwd: `${box.home}/r`, env });
}
