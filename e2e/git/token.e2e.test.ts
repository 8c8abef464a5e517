import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createDockerRuntime, engineAddress } from "@ws/docker-runtime";
import { createGit } from "@ws/git-provider";
import { createGranting, startGitServer } from "@ws/git-provider/testing";
import { createLocalRuntime } from "@ws/local-runtime";
import type { Argv, Box, Clock, Log, PlaceSpec, Runtime } from "@ws/workspace-core";
import { expect, test } from "vitest";

const BRANCH = "parallax/exec-1/engineer/fix";
const ME = "git -c user.name=T -c user.email=t@example.test";
const engine = engineAddress(process.env, (path) => readFileSync(path, "utf8"));
const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};

test.each(["docker", "local"] as const)(
  "argv, environment and files (http.extraHeader in /proc, CVE-2025-66411's logs): nothing of a token is anywhere while a workspace on '%s' clones, fetches and pushes with it",
  { timeout: 600_000 },
  async (kind) => {
    const user = "x-access-token";
    const tokens = [randomBytes(20).toString("hex"), randomBytes(20).toString("hex")] as const;
    // As it is, and as it goes over the wire.
    const words = tokens.flatMap((token) => [token, Buffer.from(`${user}:${token}`).toString("base64")]);
    let [valid] = tokens as readonly string[];
    const said: string[] = [];
    const say = (message: string, fields?: unknown): void => void said.push(`${message} ${JSON.stringify(fields)}`);
    const log: Log = { debug: say, info: say, warn: say, error: say };

    await using parts = new AsyncDisposableStack();
    const server = parts.use(await startGitServer());
    const auth = (name: string, password: string): boolean => name === user && password === valid;
    const repository = await server.create("acme/app", { auth, files: { "a.txt": "a\n" } });
    const runtime = await makeRuntime(kind, log, parts);
    const id = `ws-token${randomBytes(4).toString("hex")}` as const;
    const spec: PlaceSpec = { id, name: id, profile: "person", limits: {} };
    await runtime.prepare({ report: () => undefined });
    const { handle } = await runtime.create(spec);
    parts.defer(() => runtime.remove(spec.id));
    await runtime.start(spec);
    const box = parts.use(await runtime.open(spec.id));

    const credentials = createGranting({ user, password: tokens[0], renew: () => tokens[1] });
    credentials.give({ workspace: spec.id, url: repository.url, branches: [BRANCH] });
    const git = createGit({
      log,
      ca: [server.ca],
      credentials,
      helperScript: ({ capability }) => `#!/bin/sh\n# ${capability}\n`,
    });
    const own = { url: repository.url, name: "app" };
    const witness = randomBytes(20).toString("hex");
    const sampling = startSampling([...words, witness]);
    await git.attach(box, { profile: "person", repository: own });
    await git.clone(box, { ...own, branch: BRANCH }, { group: "clone", report: () => undefined });
    const outputs: string[] = [];
    const sh = async (script: string): Promise<number> => {
      const outcome = await run(box, ["sh", "-c", `${script} 2>&1`]);
      outputs.push(outcome.output);
      return outcome.code;
    };
    // Read by everything that a user would look at afterwards.
    const trace = "GIT_TRACE=1 GIT_TRACE_PACKET=1 GIT_TRACE_CURL=1 GIT_CURL_VERBOSE=1";
    expect(
      await sh(
        `head -c 8000000 /dev/urandom >big && git add big && ${ME} commit -qm Big && ${trace} git push origin HEAD`,
      ),
    ).toBe(0);
    expect(await sh(`${trace} git fetch --all && git remote -v && git config --list --show-origin && env`)).toBe(0);
    server.breakPush("acme/app", { afterBytes: 2_000_000, end: 401, meanwhile: () => (valid = tokens[1]) });
    expect(
      await sh(`head -c 8000000 /dev/urandom >big && ${ME} commit -qam Big && ${trace} git push origin HEAD`),
    ).toBe(0);
    expect(await sh("git push origin HEAD:main")).not.toBe(0);
    server.breakPush("acme/app", { afterBytes: 10, end: 500, text: `It was ${tokens[1]}\n` });
    expect(await sh(`${ME} commit -q --allow-empty -m Again && git push origin HEAD`)).not.toBe(0);
    expect(await repository.git("rev-parse", BRANCH)).toMatch(/^[0-9a-f]{40}/);
    expect(credentials.refused).toEqual([tokens[0]]);

    // That the search sees what is in the workspace's processes, while they last.
    await run(box, ["sleep", "1"], { WITNESS: witness });
    const sampled = await sampling.end();
    expect(sampled.found.length).toBeGreaterThan(0);
    for (const found of sampled.found) expect(found).toContain(`word ${words.length} in environ`);
    const inspected = kind === "docker" ? await inspect(handle) : "";
    expect(await filesHolding(box, words)).toBe(false);
    for (const text of [...said, ...outputs, inspected])
      for (const word of words) expect(text.includes(word)).toBe(false);
    // That the search finds what is there.
    const planted = randomBytes(20).toString("hex");
    await box.files.write(`${box.home}/planted`, new TextEncoder().encode(planted));
    expect(await filesHolding(box, [planted])).toBe(true);
  },
);

async function makeRuntime(kind: "docker" | "local", log: Log, parts: AsyncDisposableStack): Promise<Runtime> {
  const instance = `token-${randomBytes(4).toString("hex")}`;
  if (kind === "local") {
    const directory = await mkdtemp(join(tmpdir(), "ws-token-"));
    parts.defer(() => rm(directory, { recursive: true, force: true }));
    return createLocalRuntime({ instance, directory, clock, log });
  }
  const runtime = createDockerRuntime({
    instance,
    imageDirectory: fileURLToPath(new URL("../../docker", import.meta.url)),
    engine,
    clock,
    log,
    environment: process.env,
  });
  parts.defer(() => runtime.teardown());
  return runtime;
}

/** What the engine tells of a container. */
async function inspect(id: string): Promise<string> {
  const { tls, ...address } = { tls: undefined, ...engine };
  const asking = (tls === undefined ? http : https).request({ ...address, ...tls, path: `/containers/${id}/json` });
  const [answer] = (await once(asking.end(), "response")) as [http.IncomingMessage];
  const text = await gather(answer);
  expect(text).toContain(id);
  return text;
}

function startSampling(words: readonly string[]): { end(): Promise<{ found: string[] }> } {
  const script = fileURLToPath(new URL("../support/process-sampler.ts", import.meta.url));
  const sampler = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "inherit"] });
  sampler.stdin.write(`${JSON.stringify(words)}\n`);
  const output = gather(sampler.stdout);
  return {
    async end() {
      const closed = once(sampler, "close");
      sampler.stdin.end();
      await closed;
      return JSON.parse(await output) as { found: string[] };
    },
  };
}

/** Looks through every file that the workspace's user can write or that was made at its start, as a stream. */
async function filesHolding(box: Box, words: readonly string[]): Promise<boolean> {
  const places = [box.home, box.repositoryDirectory("app"), "/tmp", "/run", "/etc", "/var/tmp"];
  const tar = 'tar --create --file=- --ignore-failed-read --absolute-names -- "$@" 2>/dev/null';
  const process = await box.run(["sh", "-c", tar, "sh", ...places], { traffic: "bulk" });
  let before = "";
  let found = false;
  for await (const chunk of process.stdout) {
    const text = before + Buffer.from(chunk).toString("latin1");
    found ||= words.some((word) => text.includes(word));
    before = text.slice(-100);
  }
  await process.exit;
  return found;
}

async function run(box: Box, argv: Argv, env: Record<string, string> = {}): Promise<{ code: number; output: string }> {
  const process = await box.run(argv, {
    cwd: box.repositoryDirectory("app"),
    env: { LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", ...env },
  });
  const [output, { code }] = await Promise.all([gather(process.stdout), process.exit]);
  return { code, output };
}

async function gather(source: AsyncIterable<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of source) text += Buffer.from(chunk).toString("latin1");
  return text;
}
