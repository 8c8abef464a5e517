import type {
  DiffOptions,
  GitBlob,
  GitCommitInfo,
  GitDiff,
  GitOperation,
  GitStatus,
  GitWork,
} from "@ws/workspace-core";
import { excerpt, throwIfAborted, WsError } from "@ws/workspace-core";
import { diff, showChanges } from "../commands/diff.ts";
import { createLogReader, log } from "../commands/log.ts";
import { listChanged, listFiles } from "../commands/names.ts";
import { createPatchReader, DIFF_LIMITS } from "../commands/patch-reader.ts";
import { createStatusReader, workingStatus } from "../commands/working-status.ts";
import { runToEnd } from "../run-git.ts";
import { type Context, failed, nameOf } from "./context.ts";
import { fileNotFound, refNotFound } from "./failures.ts";
import { pathArguments, repositoryPath } from "./paths.ts";
import { commitOf, findCommit } from "./refs.ts";
import type { StreamedCommand } from "./run.ts";

type Verbs = Pick<GitWork, "status" | "log" | "diff" | "show" | "names" | "blob">;

const MOST_NAMES = 200_000;

/** What only looks. */
export function looking(context: Context): Verbs {
  return {
    async status({ untracked = "directories", limit = 5_000 } = {}) {
      const reader = createStatusReader(limit);
      const [operation] = await Promise.all([
        operationOf(context),
        stream(context, workingStatus(untracked), (entry) => reader.read(entry)),
      ]);
      return { ...reader.status(), ...(operation === undefined ? {} : { operation }) } satisfies GitStatus;
    },
    async log({ ref, from, path, limit = 10, skip = 0 } = {}) {
      const start = await findCommit(context, ref ?? "HEAD");
      if (start === undefined && ref !== undefined) throw refNotFound(ref);
      const without = from === undefined ? undefined : await commitOf(context, from);
      if (start === undefined) return { commits: [], truncated: false };
      const paths = pathArguments(path === undefined ? [] : [path]);
      const range = { limit: limit + 1, skip, paths, ...(without === undefined ? {} : { without }) };
      const commits = await readLog(context, log([start], range));
      return { commits: commits.slice(0, limit), truncated: commits.length > limit };
    },
    diff: async ({ staged = false, from, to, mergeBase = false, ...options } = {}) => {
      requireRange({ staged, from, to, mergeBase });
      const between: string[] = [];
      if (staged) between.push("--cached");
      if (from !== undefined) between.push(await commitOf(context, from));
      if (to !== undefined) between.push(await commitOf(context, to));
      if (mergeBase) between.unshift("--merge-base");
      // A file in conflict is compared with our side of it; otherwise git would compare both at once.
      else if (between.length === 0) between.push("--ours");
      const here = from === undefined && !staged;
      return readDiff(context, options, (given) => diff(between, given), here);
    },
    async show({ ref = "HEAD", ...options } = {}) {
      const hash = await commitOf(context, ref);
      const [commit] = await readLog(context, log([hash], { limit: 1 }));
      if (commit === undefined) throw refNotFound(ref);
      return { commit, diff: await readDiff(context, options, (given) => showChanges(hash, given)) };
    },
    async names({ since } = {}) {
      const paths = new Set<string>();
      const take = (path: string): boolean => paths.size < MOST_NAMES && paths.add(path) === paths;
      const hash = since === undefined ? undefined : await commitOf(context, since);
      const whole = await stream(context, listFiles({ tracked: hash === undefined }), take);
      const all = hash === undefined || (await stream(context, listChanged(hash), take));
      return { paths: [...paths], hidden: 0, truncated: !(whole && all) };
    },
    blob: (options) => readBlob(context, options),
  };
}

/** A commit as the log tells it. */
export async function readCommit(context: Context, hash: string): Promise<GitCommitInfo> {
  const [commit] = await readLog(context, log([hash], { limit: 1 }));
  if (commit === undefined) throw refNotFound(hash);
  return commit;
}

async function readLog(context: Context, command: StreamedCommand): Promise<GitCommitInfo[]> {
  const commits: GitCommitInfo[] = [];
  await stream(
    context,
    command,
    createLogReader((commit) => commits.push(commit)),
  );
  return commits;
}

async function readDiff(
  context: Context,
  { paths, stat = false, context: lines = 3 }: DiffOptions,
  command: (given: Parameters<typeof diff>[1]) => StreamedCommand,
  /** Whether the working tree is compared with what is staged. */
  here = false,
): Promise<GitDiff> {
  const reader = createPatchReader(DIFF_LIMITS, { stat });
  const given = { stat, context: lines, paths: pathArguments(paths) };
  const whole = await stream(context, command(given), (line, cut) => reader.read(line, cut));
  const touched = reader.touched();
  if (!stat && whole) for (const path of touched) reader.drop(path);
  else if (here && touched.length > 0) {
    const { files } = await looking(context).status({ untracked: "none", limit: 100_000 });
    const changed = new Set(files.filter((file) => file.worktree !== undefined).map((file) => file.path));
    for (const path of touched) if (!changed.has(path)) reader.drop(path);
  }
  return reader.diff();
}

/** Whether it was read to its end. */
async function stream(
  context: Context,
  command: StreamedCommand,
  onRecord: (text: string, cut: boolean) => boolean | void,
): Promise<boolean> {
  const { code, stderr, stopped } = await context.runner.stream(command, onRecord);
  throwIfAborted(context.runner.signal);
  if (code !== 0 && !stopped) throw failed(context, nameOf(command), { stderr });
  return !stopped;
}

function requireRange({
  staged,
  from,
  to,
  mergeBase,
}: {
  staged: boolean;
  from?: string | undefined;
  to?: string | undefined;
  mergeBase: boolean;
}): void {
  const wrong =
    to !== undefined && (staged || from === undefined)
      ? { field: "to", message: "A comparison up to a commit begins at another one, and is not with what is staged." }
      : mergeBase && from === undefined
        ? { field: "mergeBase", message: "Where two have parted can only be told of a commit that is named." }
        : undefined;
  if (wrong === undefined) return;
  const next = "Name the commit to compare with: from (--from).";
  throw new WsError("invalid_input", { message: wrong.message, next, data: { field: wrong.field } });
}

const STATES: readonly (readonly [string, GitOperation])[] = [
  ["rebase-merge", "rebase"],
  ["rebase-apply", "rebase"],
  ["MERGE_HEAD", "merge"],
  ["CHERRY_PICK_HEAD", "cherry_pick"],
  ["REVERT_HEAD", "revert"],
  ["BISECT_LOG", "bisect"],
];

/** What git is in the middle of it says nowhere in a form for programs, but for the files it keeps. */
async function operationOf({ runner }: Context): Promise<GitOperation | undefined> {
  const { box, root, signal } = runner;
  const directory = await runner.run({ args: ["rev-parse", "--absolute-git-dir"], kind: "read" });
  // The status itself says what is wrong.
  if (directory.code !== 0) return undefined;
  const names = STATES.map(([name]) => `${directory.stdout.replace(/\n$/, "")}/${name}`);
  const there = await runToEnd(box, ["ls", "-d", "--", ...names], {
    cwd: root,
    ...(signal === undefined ? {} : { signal }),
  });
  return STATES.find(([name]) => there.stdout.split("\n").some((line) => line.endsWith(`/${name}`)))?.[1];
}

async function readBlob(
  context: Context,
  { ref, path, limit = 1_048_576 }: Parameters<GitWork["blob"]>[0],
): Promise<GitBlob> {
  const wanted = repositoryPath(path);
  const commit = ref === undefined ? undefined : await commitOf(context, ref);
  const object = `${commit ?? ":0"}:${wanted}`;
  const where = ref === undefined ? "among what is staged" : `in '${excerpt(ref)}'`;
  const ask = (what: string) => context.runner.run({ args: ["cat-file", what, object], kind: "read" });
  const [kind, size] = await Promise.all([ask("-t"), ask("-s")]);
  if (kind.code !== 0) {
    if (/does not exist|exists on disk|Not a valid object name|is in the index, but not/.test(kind.stderr))
      throw fileNotFound(path, where);
    throw failed(context, "cat-file", kind);
  }
  if (kind.stdout.trim() !== "blob") throw notAFile(path);
  const { content } = await context.runner.bytes({ args: ["cat-file", "blob", object], kind: "read" }, limit);
  throwIfAborted(context.runner.signal);
  const about = { path: wanted, ...(commit === undefined ? {} : { commit }), size: Number(size.stdout) };
  return { ...about, content, truncated: content.length < about.size };
}

function notAFile(path: string): WsError<"not_a_regular_file"> {
  return new WsError("not_a_regular_file", {
    message: `'${excerpt(path)}' is not a file there, but a directory or another repository.`,
    next: "Name a file in it.",
    data: { path: excerpt(path) },
  });
}
