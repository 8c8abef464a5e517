// What the agent is to one workspace: a Docker runtime and git. Has a large file of random content stored and fetched again
// through the forward and prints what that took, as one line of JSON.
import { createGit } from "@ws/git-provider";
import { createGranting } from "@ws/git-provider/testing";

import { log, measure, memory, MIB, openPlace, run, startServer } from "../place.ts";
import type { Result } from "./result.ts";

const megabytes = Number(process.argv[2]);
const random = crypto.randomUUID().slice(0, 8);

await using parts = new AsyncDisposableStack();
const { url, ca } = await startServer<{ url: string; ca: string[] }>(
  new URL("server.ts", import.meta.url),
  megabytes,
  parts,
);
const { spec, box } = await openPlace(random, process.argv[3], parts);
const credentials = createGranting({ user: "x-access-token", password: random });
credentials.give({ workspace: spec.id, url, branches: ["granted"] });
const git = createGit({ log, ca, credentials });
const repository = { url, name: "big" };
await git.attach(box, { repository, profile: "person" });
await git.clone(box, repository, { group: "soak", report: () => undefined });

const sh = (script: string): Promise<string> => run(box, ["sh", "-ec", script]);
await sh(`head -c ${megabytes * MIB} /dev/urandom >a.bin; git add --all
  git -c user.name=S -c user.email=s@example.test commit -qm Random`);
const before = await sh("sha256sum a.bin");
const { nowMiB: idleMiB } = memory();
const upload = await measure(megabytes, () => sh("git push --quiet origin HEAD:refs/heads/granted"));
await sh("rm -rf .git/lfs/objects a.bin; git checkout -q a.bin; head -1 a.bin | grep -q ^version");
const download = await measure(megabytes, () => sh("git lfs pull"));

const result: Result = {
  megabytes,
  idleMiB,
  peakMiB: memory().peakMiB,
  upload,
  download,
  intact: before === (await sh("sha256sum a.bin")),
};
console.log(JSON.stringify(result));
