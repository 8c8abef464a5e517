// What the agent is to one workspace: a Docker runtime and git, and nothing else that uses memory. Clones and pushes a
// repository of random content through the forward and prints what that took, as one line of JSON.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { createDockerRuntime, engineAddress } from "@ws/docker-runtime";
import { createGit } from "@ws/git-provider";
import { createGranting } from "@ws/git-provider/testing";
import type { Box, Log, PlaceSpec } from "@ws/workspace-core";

import type { Measured, Result } from "./result.ts";

const MIB = 1_048_576;
const megabytes = Number(process.argv[2]);
const image = process.argv[3];
const random = crypto.randomUUID().slice(0, 8);
const say = (level: string) => (message: string, fields?: unknown) => {
  console.error(level, message, fields === undefined ? "" : JSON.stringify(fields));
};
const log: Log = { debug: () => undefined, info: say("info"), warn: say("warn"), error: say("error") };

await using parts = new AsyncDisposableStack();
const server = spawn(
  process.execPath,
  [...process.execArgv, fileURLToPath(new URL("server.ts", import.meta.url)), String(megabytes)],
  {
    stdio: ["pipe", "pipe", "inherit"],
  },
);
parts.defer(async () => {
  server.stdin.end();
  await once(server, "close");
});
const [line] = (await once(createInterface(server.stdout), "line")) as [string];
const served = JSON.parse(line) as { url: string; path: string; ca: string; caFile: string };

const runtime = createDockerRuntime({
  instance: `soak-${random}`,
  imageDirectory: fileURLToPath(new URL("../../../docker", import.meta.url)),
  engine: engineAddress(process.env, (path) => readFileSync(path, "utf8")),
  clock: {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
  },
  log,
  environment: process.env,
});
const spec: PlaceSpec = {
  id: `ws-soak${random}`,
  name: `soak-${random}`,
  profile: "person",
  limits: {},
  ...(image === undefined ? {} : { image }),
};
await runtime.prepare({ ...(image === undefined ? {} : { image }), report: ({ message }) => console.error(message) });
parts.defer(() => runtime.teardown());
await runtime.create(spec);
parts.defer(() => runtime.remove(spec.id));
await runtime.start(spec);
const box = parts.use(await runtime.open(spec.id));

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
const idle = process.memoryUsage().rss / MIB;
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
  idleMiB: Math.round(idle),
  peakMiB: Math.round(process.resourceUsage().maxRSS / 1_024),
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

async function run(box: Box, argv: readonly [string, ...string[]]): Promise<string> {
  const process = await box.run(argv, { cwd: box.repositoryDirectory("big") });
  const [stdout, stderr, exit] = await Promise.all([text(process.stdout), text(process.stderr), process.exit]);
  if (exit.code !== 0) throw new Error(`${argv.join(" ")}: ${stderr}`);
  return stdout.trim();
}

async function text(source: AsyncIterable<Uint8Array>): Promise<string> {
  let all = "";
  for await (const chunk of source) all += Buffer.from(chunk).toString();
  return all;
}

async function measure(work: () => Promise<unknown>): Promise<Measured> {
  const samples: number[] = [];
  const timer = setInterval(() => samples.push(process.memoryUsage.rss() / MIB), 50);
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1_000;
  clearInterval(timer);
  const { user, system } = process.cpuUsage(cpu);
  const quarter = Math.ceil(samples.length / 4);
  return {
    seconds: round(seconds),
    mibPerSecond: round(megabytes / seconds),
    cpuSeconds: round((user + system) / 1e6),
    firstQuarterMiB: Math.round(Math.max(...samples.slice(0, quarter))),
    lastQuarterMiB: Math.round(Math.max(...samples.slice(-quarter))),
    maxMiB: Math.round(Math.max(...samples)),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
