// What the agent is to one workspace: a Docker runtime and git, and nothing else that uses memory. Clones and pushes a
// repository of random content through the forward and prints what that took, as one line of JSON.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { createGit } from "@ws/git-provider";
import { createGranting } from "@ws/git-provider/testing";

import { log, type Measured, measure as measured, memory, openPlace, run, startServer } from "../place.ts";
import type { Result } from "./result.ts";

const megabytes = Number(process.argv[2]);
const random = crypto.randomUUID().slice(0, 8);
const measure = (work: () => Promise<unknown>): Promise<Measured> => measured(megabytes, work);

await using parts = new AsyncDisposableStack();
const served = await startServer<{ url: string; path: string; ca: string; caFile: string }>(
  new URL("server.ts", import.meta.url),
  megabytes,
  parts,
);
const { spec, box } = await openPlace(random, process.argv[3], parts);

const credentials = createGranting({ user: "x-access-token", password: random });
const git = createGit({ log, ca: [served.ca], credentials });
const repository = { url: served.url, name: "big" };
await git.attach(box, { repository, profile: "person" });
const direct = await measure(async () => {
  const place = await mkdtemp(join(tmpdir(), "ws-soak-direct-"));
  const env = { ...process.env, GIT_SSL_CAINFO: served.caFile };
  await promisify(execFile)("git", ["clone", "--quiet", served.url, join(place, "big")], { env });
  await rm(place, { recursive: true });
});
const { nowMiB: idleMiB } = memory();
const clone = await measure(async () => {
  await git.clone(box, repository, { group: "soak", report: () => undefined });
});
await run(box, ["sh", "-c", makeRandom(), "sh", String(megabytes)]);
const push = await measure(() => run(box, ["git", "push", "--quiet", "origin", "HEAD:refs/heads/pushed"]));
const pushed = await run(box, ["git", "rev-parse", "HEAD"]);
// The same again with the worker's credential, which has the push judged before the server sees it.
credentials.give({ workspace: spec.id, url: served.url, branches: ["granted"] });
await run(box, ["sh", "-c", makeRandom(), "sh", String(megabytes)]);
const grantedPush = await measure(() => run(box, ["git", "push", "--quiet", "origin", "HEAD:refs/heads/granted"]));
const granted = await run(box, ["git", "rev-parse", "HEAD"]);
const revisions = ["-C", served.path, "rev-parse", "pushed", "granted"];
const { stdout: arrived } = await promisify(execFile)("git", revisions);
const { stdout: checked } = await promisify(execFile)("git", ["-C", served.path, "fsck", "--connectivity-only"]);

const result: Result = {
  megabytes,
  idleMiB,
  peakMiB: memory().peakMiB,
  direct,
  clone,
  push,
  grantedPush,
  intact: `${pushed}\n${granted}` === arrived.trim() && !/missing|broken/.test(checked),
};
console.log(JSON.stringify(result));

/** A commit of as much new random content again, replacing the old, in the repository's directory. */
function makeRandom(): string {
  return `git config core.compression 0 && git config pack.window 0 && git rm -rq . &&
    i=0; while [ $i -lt "$1" ]; do head -c 16777216 /dev/urandom >new-$i; i=$((i + 16)); done
    git add --all && git -c user.name=S -c user.email=s@example.test commit -qm 'More random'`;
}
