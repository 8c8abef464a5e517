import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type ChangeOf, type SubmitMode, withCommitFormat, WsError } from "@ws/workspace-core";
import type { LocalGit } from "./local-git.ts";
import { unusualSetting } from "./repository-config.ts";

export interface Identity {
  name: string;
  email: string;
}

/** Who the first commit of a new repository is from; people's identities are for people's work. */
const FOUNDER: Identity = { name: "Workspace", email: "workspace@localhost" };

/**
 * Makes a bare repository with a first commit on `main`, whole or not at all; one that is there already is success, so that
 * two at once make one.
 */
export async function initRepository(git: LocalGit, path: string, name: string, signal?: AbortSignal): Promise<void> {
  if (existsSync(path)) return;
  const directory = join(path, "..");
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const draft = join(directory, `.new-${randomBytes(6).toString("hex")}`);
  const abortable = signal === undefined ? {} : { signal };
  try {
    await git.read(draft, ["init", "--quiet", "--bare", "--initial-branch=main"], abortable);
    const blob = await git.read(draft, ["hash-object", "-w", "--stdin"], { stdin: `# ${name}\n`, ...abortable });
    const tree = await git.read(draft, ["mktree"], { stdin: `100644 blob ${blob}\tREADME.md\n`, ...abortable });
    const commit = await git.read(draft, ["commit-tree", "-F", "-", tree], {
      stdin: `Begin ${name}\n`,
      env: identityEnvironment(FOUNDER),
      ...abortable,
    });
    await git.read(draft, ["update-ref", "refs/heads/main", commit], abortable);
    await rename(draft, path).catch((error: unknown) => {
      if (!existsSync(path)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Whether a bare repository is at this path. */
export async function isBareRepository(git: LocalGit, path: string, signal?: AbortSignal): Promise<boolean> {
  const { code, stdout } = await git.run(
    path,
    ["rev-parse", "--is-bare-repository"],
    signal === undefined ? {} : { signal },
  );
  return code === 0 && stdout.trim() === "true";
}

const ATTEMPTS = 5;

/**
 * Brings a change's branch into the target: `push` only forward, `merge` with a commit that has both as parents. What is in it
 * already stays; a target that moved meanwhile is looked at again. Throws `submit_failed`, `identity_missing`.
 */
export async function submitToBare(
  git: LocalGit,
  repository: string,
  { change, project }: ChangeOf,
  options: { mode: Exclude<SubmitMode, "pull_request">; identity: () => Identity | undefined; signal?: AbortSignal },
): Promise<{ done: "merged" | "pushed"; target: string; commit: string }> {
  const { mode, identity } = options;
  const abortable = options.signal === undefined ? {} : { signal: options.signal };
  const read = (...argv: string[]): Promise<string> => git.read(repository, argv, abortable);
  const target = project.defaultBranch ?? (await read("symbolic-ref", "--short", "HEAD"));
  const done = mode === "push" ? "pushed" : "merged";
  const commitOf = async (branch: string): Promise<string> => {
    const ref = `refs/heads/${branch}^{commit}`;
    const { code, stdout } = await git.run(
      repository,
      ["rev-parse", "--verify", "--quiet", "--end-of-options", ref],
      abortable,
    );
    if (code !== 0)
      throw failed(`Branch not found: '${branch}' is not in '${project.name}'`, "Push it from its workspace first.");
    return stdout.trim();
  };
  const contains = async (whole: string, part: string): Promise<boolean> => {
    const { code } = await git.run(repository, ["merge-base", "--is-ancestor", part, whole], abortable);
    return code === 0;
  };
  const failed = (why: string, next: string): WsError<"submit_failed"> =>
    new WsError("submit_failed", {
      message: `The change '${change.name}' cannot be submitted: ${why}.`,
      next,
      data: { change: change.name },
    });

  const setting = await unusualSetting(git, repository, options.signal);
  if (setting !== undefined) {
    throw failed(
      `'${project.name}' brings '${setting}', with which it is not used`,
      "Take that out of the repository on the worker.",
    );
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const head = await commitOf(change.branch);
    const base = await commitOf(target);
    if (await contains(base, head)) return { done, target, commit: base };
    const isForward = await contains(head, base);
    if (mode === "push" && !isForward) {
      throw failed(
        `'${target}' has moved on since '${change.branch}' began`,
        `Rebase it onto '${target}' and push it, or submit it as a merge.`,
      );
    }
    const next = mode === "push" ? head : await merged(base, head);
    // Only where nobody has moved the target since it was read.
    const { code } = await git.run(repository, ["update-ref", `refs/heads/${target}`, next, base], abortable);
    if (code === 0) return { done, target, commit: next };
  }
  throw failed(`'${target}' keeps moving`, "Try again.");

  async function merged(base: string, head: string): Promise<string> {
    const who = identity();
    if (who === undefined) {
      throw new WsError("identity_missing", {
        message: `The change '${change.name}' cannot be merged: whose commit that would be is not known.`,
        next: "Say so: ws config set git.name NAME and ws config set git.email ADDRESS.",
        data: {},
      });
    }
    const tree = await git.run(
      repository,
      ["merge-tree", "--write-tree", "--name-only", "--no-messages", base, head],
      abortable,
    );
    if (tree.code !== 0) {
      const files = tree.stdout
        .split("\n")
        .slice(1)
        .filter((line) => line !== "");
      const which = files.length === 0 ? "" : `: ${files.slice(0, 5).join(", ")}${files.length > 5 ? " and more" : ""}`;
      throw failed(
        `it conflicts with '${target}'${which}`,
        `Merge '${target}' into '${change.branch}' in its workspace, and push it.`,
      );
    }
    const said = change.description.trim() || `Merge ${change.name}`;
    const stdin = `${withCommitFormat(said, { project, workflowType: "git" }).trimEnd()}\n`;
    const argv = ["commit-tree", "-p", base, "-p", head, "-F", "-", tree.stdout.trim()];
    return git.read(repository, argv, { stdin, env: identityEnvironment(who), ...abortable });
  }
}

function identityEnvironment({ name, email }: Identity): Record<string, string> {
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
}
