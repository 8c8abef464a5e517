import { link, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { HelperOf } from "./credential-helper.ts";
import { runToEnd } from "../run-git.ts";
import { type GitServer, startGitServer } from "../testing/git-server.ts";
import { BRANCH, type GrantedPlace, openGranted } from "../testing/granted-place.ts";

const HELPER = ".parallax-credentials";

/** Of the shape that the worker's own script has. */
const helperScript = ({ workspace, execution, expiresAt, host, path, capability }: HelperOf): string =>
  `#!/bin/sh\n# Workspace: ${workspace}\n# Execution: ${execution}\n# Expires: ${expiresAt}\n` +
  `[ "$1" = get ] && grep -qx path=${path} && printf 'host=${host}\\nusername=x-access-token\\npassword=${capability}\\n'\n`;

let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());

test("a granted repository has a helper script of its own, which git's status does not show and which is not the token", async () => {
  await using place = await openGranted(server, undefined, { helperScript });
  place.grant.execution = "exec-1";
  expect((await place.box.files.stat(join(place.directory, HELPER))).mode).toBe(0o700);
  const first = await readFile(join(place.directory, HELPER), "utf8");
  expect(first).toMatch(/^#!.*\n# Workspace: ws-standin\n/);
  expect(await place.git("status", "--porcelain", "--untracked-files=all")).toBe("");
  const capability = await fillIn(place);
  expect(capability).toMatch(/^[0-9a-f]{48}$/);
  expect(first).not.toContain(place.token);
  await place.attach();
  expect(await fillIn(place)).not.toBe(capability);
  expect(await readFile(join(place.directory, ".git/info/exclude"), "utf8")).toMatch(/^\/\.parallax-credentials$/m);
  expect(
    (await place.git("config", "--get-all", `credential.${place.repository.url}.helper`)).split("\n"),
  ).toHaveLength(2);
});

test("what the helper answers is good on the workspace's own way to the worker and is shown to no forge", async () => {
  await using place = await openGranted(server, undefined, { helperScript });
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
  await using place = await openGranted(server, undefined, { helperScript });
  place.grant.expiresAt += 3_600_000;
  await place.git("fetch", "origin");
  const read = (): Promise<string> => readFile(join(place.directory, HELPER), "utf8").catch(() => "gone");
  await expect.poll(read).toContain(`# Expires: ${place.grant.expiresAt}\n`);
  await link(join(place.directory, HELPER), join(place.box.home, "kept"));
  await place.granting.revoke("ws-standin");
  await place.push(BRANCH);
  await expect.poll(read).toBe("gone");
  expect(await readFile(join(place.box.home, "kept"), "utf8")).toMatch(/^\0+$/);
  expect(await place.run("git", "config", "--get-regexp", "^credential.https")).toMatchObject({
    stdout: "",
  });
});

test("the helper script of an ended grant goes at once where that is told, and comes back with another grant", async () => {
  await using place = await openGranted(server, undefined, { helperScript });
  const read = (): Promise<string> => readFile(join(place.directory, HELPER), "utf8").catch(() => "gone");
  place.grant.revokedAt = Date.now();
  await place.workspaceGit.showRights(place.box);
  expect(await read()).toBe("gone");
  delete place.grant.revokedAt;
  await place.workspaceGit.showRights(place.box);
  expect(await read()).toContain("# Workspace: ws-standin\n");
});

test("a repository that has a file of the helper's name itself keeps it", async () => {
  await using place = await openGranted(server, { [HELPER]: "mine\n" }, { helperScript });
  expect(await readFile(join(place.directory, HELPER), "utf8")).toBe("mine\n");
  place.grant.revokedAt = Date.now();
  await place.attach();
  expect(await readFile(join(place.directory, HELPER), "utf8")).toBe("mine\n");
});

async function fillIn({ box, directory, repository }: GrantedPlace): Promise<string> {
  const stdin = `url=${repository.url}\n\n`;
  const { stdout } = await runToEnd(box, ["git", "credential", "fill"], { cwd: directory, stdin });
  return /^password=(.*)$/m.exec(stdout)?.[1] ?? "";
}
