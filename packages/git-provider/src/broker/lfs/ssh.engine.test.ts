import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { request } from "node:https";
import type { CredentialSummary } from "@ws/workspace-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LocalUpstream } from "../forge/upstream.ts";
import { type GitServer, startGitServer } from "../../testing/git-server.ts";
import { BRANCH, type GrantedPlace } from "../../testing/granted-place.ts";
import { openLarge } from "../../testing/large-files.ts";
import { type LfsServer, startLfsServer } from "../../testing/lfs-server.ts";
import { type SshGitServer, startSshGitServer } from "../../testing/ssh-git-server.ts";

const HOST = "forge.test";
const KEY: CredentialSummary = { id: "deploy", type: "ssh_key", provider: HOST, host: HOST };
const TOKEN: CredentialSummary = { id: "api", type: "pat", provider: HOST, host: HOST };

let server: GitServer;
let lfs: LfsServer;
let ssh: SshGitServer;
beforeAll(async () => {
  [server, ssh] = await Promise.all([startGitServer(), startSshGitServer()]);
  lfs = await startLfsServer(server);
});
afterAll(async () => {
  for (const each of [lfs, ssh, server]) await each[Symbol.asyncDispose]();
});

test("large files of a repository that is reached by ssh come and go with the token beside the key", async () => {
  const content = randomBytes(300_000);
  await using place = await openBySsh({ "a.bin": content });
  await moveTo(place, TOKEN);
  const from = lfs.requests.length;
  const pulled = await place.run("sh", "-c", "GIT_TRACE=1 GIT_CURL_VERBOSE=1 git lfs pull 2>&1");
  expect(pulled).toMatchObject({ code: 0 });
  expect(await readFile(`${place.directory}/a.bin`)).toEqual(content);
  await place.commit({ "b.bin": randomBytes(200_000) });
  const pushed = await place.run("sh", "-c", `GIT_TRACE=1 GIT_CURL_VERBOSE=1 git lfs push origin ${BRANCH} 2>&1`);
  expect(pushed).toMatchObject({ code: 0 });
  const [, oid = ""] = /^oid sha256:(\w+)$/m.exec(await place.git("cat-file", "blob", "HEAD:b.bin")) ?? [];
  expect(await lfs.has(oid)).toBe(true);
  const authorized = (at: string) =>
    lfs.requests.slice(from).flatMap((seen) => (seen.at === at ? [seen.headers.authorization !== undefined] : []));
  expect(new Set(authorized("forge"))).toEqual(new Set([true]));
  expect(new Set(authorized("store"))).toEqual(new Set([false]));
  const shown = Buffer.from(`x-access-token:${place.token}`).toString("base64");
  const config = await place.git("config", "--list", "--show-origin");
  for (const word of [place.token, shown, lfs.mark, place.key.privateKey.split("\n")[2] ?? ""]) {
    for (const text of [pulled.stdout, pushed.stdout, config, place.said.join("\n")]) expect(text).not.toContain(word);
  }
});

test("without a token beside the key they are refused, in words that say what is missing, and the forge is not asked", async () => {
  await using place = await openBySsh({ "a.bin": randomBytes(500) });
  await moveTo(place, undefined);
  const from = lfs.requests.length;
  const refused = await place.run("git", "lfs", "pull");
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toMatch(
    /Git LFS needs a token of forge\.test, and the right to \S+ is with the SSH key 'deploy'/,
  );
  expect(refused.stderr).toContain(`'ws credential set NAME --host ${HOST}'`);
  expect(await readFile(`${place.directory}/a.bin`, "utf8")).toMatch(/^version https:\/\/git-lfs/);
  expect(lfs.requests).toHaveLength(from);
});

test("a repository at another port than ssh's own says that its https URL is needed, token or not", async () => {
  await using place = await openBySsh({ "a.bin": randomBytes(500) });
  for (const apiCredential of [undefined, { ...TOKEN, host: "127.0.0.1" }]) {
    Object.assign(place.grant, { apiCredential });
    const refused = await place.run("git", "lfs", "pull");
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/Git LFS goes over https, .* Clone the repository's https URL/);
  }
});

/** Git itself goes by ssh to a port of this machine; large files of `forge.test` go where https has them. */
function openBySsh(files: Readonly<Record<string, Uint8Array>>): Promise<GrantedPlace> {
  const local: LocalUpstream = {
    host: HOST,
    begin: ({ method, target, headers }) =>
      request({ host: "127.0.0.1", port: server.port, ca: server.ca, method, path: target, headers }),
  };
  return openLarge({ server, lfs, by: ssh, local, allowPrivateAddresses: true }, files);
}

/** Its remote is at ssh's own port from now on, which a test has no right to. */
async function moveTo(place: GrantedPlace, token: CredentialSummary | undefined): Promise<void> {
  const url = `git@${HOST}:${place.name}.git`;
  place.granting.give({ url, branches: [BRANCH], credential: KEY, ...(token && { apiCredential: token }) });
  await place.attach();
  await place.git("remote", "set-url", "origin", url);
}
