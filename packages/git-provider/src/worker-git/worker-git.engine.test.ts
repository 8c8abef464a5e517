import { appendFile, chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { runWorkerGit } from "./run-git.ts";
import { runSimpleGit } from "./run-simple-git.ts";
import { startWorkerGit } from "./start-git.ts";

let directory: string;
let repository: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ws-worker-git-"));
  repository = join(directory, "bare");
  const { signal } = new AbortController();
  await runWorkerGit(["init", "--quiet", "--bare", repository], { signal });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true, force: true });
});

describe.each([
  ["its own process", runWorkerGit],
  ["simple-git", runSimpleGit],
])("git through %s", (_name, run) => {
  const git = (argv: string[], more: { stdin?: string } = {}) =>
    run(argv, { directory: repository, signal: new AbortController().signal, ...more });

  test("takes nothing of the worker's environment or its user's configuration", async () => {
    const names = ["GIT_SSH_COMMAND", "GIT_EXTERNAL_DIFF", "GIT_PROXY_COMMAND", "LD_PRELOAD_OF_A_TEST", "HTTPS_PROXY"];
    for (const name of names) vi.stubEnv(name, `value of ${name}`);
    await writeFile(join(directory, "user"), "[user]\n\tname = Of The User\n");
    vi.stubEnv("GIT_CONFIG_GLOBAL", join(directory, "user"));
    await appendFile(join(repository, "config"), "[alias]\n\tsurroundings = !env\n");
    const { stdout } = await git(["surroundings"]);
    expect(stdout).toContain("LC_ALL=C");
    expect(names.filter((name) => stdout.includes(name))).toEqual([]);
    expect(await git(["config", "--get", "user.name"])).toMatchObject({ code: 1, stdout: "" });
  });

  test("runs no program that the repository brings along or names", async () => {
    const ran = join(directory, "ran");
    await mkdir(ran);
    const program = join(directory, "program");
    await writeFile(program, `#!/bin/sh\n: > "${ran}/$(basename "$0")"\n`);
    await chmod(program, 0o755);
    const hook = join(repository, "hooks", "reference-transaction");
    await mkdir(join(repository, "hooks"), { recursive: true });
    await writeFile(hook, `#!/bin/sh\n: > "${ran}/hook"\n`);
    await chmod(hook, 0o755);
    await appendFile(
      join(repository, "config"),
      `[core]\n\tfsmonitor = ${program}\n\thooksPath = ${join(repository, "hooks")}\n\taskPass = ${program}\n` +
        `[credential]\n\thelper = ${program}\n[protocol]\n\tallow = always\n`,
    );
    const { stdout: tree } = await git(["write-tree"]);
    const author = ["-c", "user.name=T", "-c", "user.email=t@example.test"];
    const { stdout: commit } = await git([...author, "commit-tree", "-m", "One", tree.trim()]);
    expect(await git(["update-ref", "refs/heads/main", commit.trim()])).toMatchObject({ code: 0 });
    expect(await git(["credential", "fill"], { stdin: "protocol=https\nhost=forge.test\n\n" })).toMatchObject({
      code: 128,
    });
    expect(await git(["ls-remote", "--", `ext::${program} %S`])).toMatchObject({
      code: 128,
      stderr: expect.stringMatching(/transport 'ext' not allowed/),
    });
    expect(await readdir(ran)).toEqual([]);
  });

  test("leaves the worker by no protocol that it was not given", async () => {
    for (const url of ["https://forge.test/o/r", "http://forge.test/o/r", "ssh://forge.test/o/r", repository]) {
      expect(await git(["ls-remote", "--", url])).toMatchObject({
        code: 128,
        stderr: expect.stringMatching(/not allowed/),
      });
    }
  });

  test("rejects what is aborted before it begins, and takes an exit code as a result", async () => {
    await expect(run(["version"], { directory: repository, signal: AbortSignal.abort() })).rejects.toThrow();
    expect(await git(["rev-parse", "--verify", "--quiet", "refs/heads/none"])).toMatchObject({ code: 1, stdout: "" });
  });
});

test("a signal ends git with every program that it has started", async () => {
  const ending = new AbortController();
  const argv = ["-c", "alias.wait=!sleep 600 & echo $!; wait", "wait"];
  const git = startWorkerGit(argv, { directory: repository, signal: ending.signal });
  const [pid] = await new Promise<string[]>((resolve) => {
    git.stdout.setEncoding("utf8").once("data", (text: string) => resolve(text.split("\n")));
  });
  git.stderr.resume();
  ending.abort();
  expect(await git.ended).toBe(137);
  await expect.poll(() => isAlive(Number(pid))).toBe(false);
});

test("a worker without git says so by its code", async () => {
  const { signal } = new AbortController();
  expect(await runWorkerGit(["version"], { path: directory, signal })).toMatchObject({ code: 127 });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
