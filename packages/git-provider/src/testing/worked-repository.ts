import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Box, GitWork, Repository } from "@ws/workspace-core";
import { createGit } from "../git.ts";
import { runToEnd } from "../run-git.ts";
import type { GitServer, ServedRepository } from "./git-server.ts";
import { openStandInBox } from "./stand-in-box.ts";

const log = { debug() {}, info() {}, warn() {}, error() {} };
export const IDENTITY = {
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.test",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.test",
};

/** A clone on a branch of its own, as a workspace has it, and its `GitWork`. */
export interface Worked extends AsyncDisposable {
  box: Box;
  repository: Repository;
  branch: string;
  served: ServedRepository;
  directory: string;
  work: GitWork;
  /** Another one, with other variables, a signal, or more known of the repository. */
  open(options?: { env?: Record<string, string>; signal?: AbortSignal; repository?: Repository }): GitWork;
  /** What differs from the last commit: as it is staged, as it lies there, its path. */
  changed(): Promise<string[]>;
  /** Runs a script there; throws with its error output where it fails. */
  sh(script: string): Promise<string>;
  write(files: Record<string, string | Uint8Array>): Promise<void>;
  /** Somebody else's commit on a branch of the remote. */
  change(branch: string, files: Record<string, string>): Promise<string>;
}

let count = 0;

export async function openWorked(server: GitServer, options: Parameters<GitServer["create"]>[1] = {}): Promise<Worked> {
  const served = await server.create(`worked/r${++count}`, options);
  const git = createGit({ log, ca: [server.ca] });
  const box = await openStandInBox();
  const branch = `parallax/ws-${count}/person/demo`;
  const repository = { ...git.parseUrl(served.url), branch };
  await git.attach(box, { profile: "person", repository });
  await git.clone(box, repository, { group: "clone", report: () => undefined });
  const directory = box.repositoryDirectory(repository.name);
  const run = async (script: string, cwd: string): Promise<string> => {
    const { code, stdout, stderr } = await runToEnd(box, ["sh", "-ec", script], { cwd, env: IDENTITY });
    if (code !== 0) throw new Error(stderr);
    return stdout.trim();
  };
  const open: Worked["open"] = ({ env = IDENTITY, repository: named = repository, ...rest } = {}) =>
    git.work(box, named, { env, group: "git", ...rest });
  return {
    box,
    repository,
    branch,
    served,
    directory,
    work: open(),
    open,
    changed: async () =>
      (await open().status()).files.map(({ path, index, worktree }) => `${index ?? "-"} ${worktree ?? "-"} ${path}`),
    sh: (script) => run(script, directory),
    write: (files) => write(directory, files),
    async change(changed, files) {
      const there = join(box.home, "somebody");
      await run(`git clone -q -b ${changed} ${served.path} ${there}`, box.home);
      await write(there, files);
      const commit = await run(
        `git add -A && git commit -qm "Somebody's" && git push -q origin HEAD && git rev-parse HEAD`,
        there,
      );
      await run("rm -rf somebody", box.home);
      return commit;
    },
    [Symbol.asyncDispose]: () => box[Symbol.asyncDispose](),
  };
}

async function write(directory: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), content);
  }
}
