import { type GitWork, throwIfAborted, WsError } from "@ws/workspace-core";
import { commitFailure, identityMissing } from "../commit.ts";
import { type Context, failed, must } from "./context.ts";
import { mergeConflict, uncommittedWork, unpushedWork } from "./failures.ts";
import { looking, readCommit } from "./look.ts";
import { pathsAsInput } from "./paths.ts";
import { commitOf, countCommits, findCommit } from "./refs.ts";

type Verbs = Pick<GitWork, "add" | "unstage" | "restore" | "commit">;

/** From the working tree to a commit, and back. */
export function staging(context: Context): Verbs {
  const { repository } = context;
  const changed = async (options: Parameters<GitWork["status"]>[0]) => (await looking(context).status(options)).files;

  return {
    async add({ paths }) {
      const given = pathsAsInput(paths);
      const said = await context.runner.run({ ...given, args: ["add", "--all", ...given.args], kind: "write" });
      throwIfAborted(context.runner.signal);
      if (/ignored by one of your \.gitignore files/.test(said.stderr)) throw ignored(said.stderr);
      if (said.code !== 0) throw failed(context, "add", said);
    },
    async unstage({ paths }) {
      const given = pathsAsInput(paths);
      await must(context, { ...given, args: ["reset", "--quiet", ...given.args], kind: "write" });
    },
    async restore({ paths, from, allowDestructive = false }) {
      const given = pathsAsInput(paths);
      const source = from === undefined ? [] : [`--source=${await commitOf(context, from)}`];
      if (!allowDestructive) {
        const inside = (path: string): boolean => isBelow(path, given.stdin.split("\0").slice(0, -1));
        const lost = (await changed({ untracked: "none" })).filter(
          ({ path, worktree, index }) =>
            inside(path) && (worktree !== undefined || (from !== undefined && index !== undefined)),
        );
        if (lost.length > 0)
          throw uncommittedWork(
            repository,
            lost.map(({ path }) => path),
          );
      }
      await must(context, { ...given, args: ["restore", "--worktree", ...source, ...given.args], kind: "write" });
    },
    async commit({ message, all = false, amend = false, allowDestructive = false }) {
      requireMessage(message);
      if (amend && !allowDestructive) await requireUnpushed(context);
      if (all) await must(context, { args: ["add", "--all", "--", ":/"], kind: "write" });
      const conflicts = (await changed({ untracked: "none" })).filter((file) => file.conflicted);
      if (conflicts.length > 0) throw mergeConflict(conflicts.map(({ path }) => path));
      const said = await context.runner.run({
        args: [
          "-c",
          "user.useConfigOnly=true",
          "commit",
          "--quiet",
          "--cleanup=whitespace",
          "--file=-",
          ...(amend ? ["--amend"] : []),
        ],
        stdin: message,
        kind: "write",
      });
      throwIfAborted(context.runner.signal);
      if (said.code !== 0) {
        if (/nothing (?:added )?to commit|no changes added|working tree clean/.test(said.stdout)) throw nothing();
        if (!identityMissing.test(said.stderr) && /\.lock'?: File exists/.test(said.stderr))
          throw failed(context, "commit", said);
        throw commitFailure(repository, said.stderr || said.stdout);
      }
      return readCommit(context, await commitOf(context, "HEAD"));
    },
  };
}

/** Whether it is one of these paths or lies in one; `.` holds everything. */
function isBelow(path: string, paths: readonly string[]): boolean {
  return paths.some((each) => each === "." || path === each || path.startsWith(`${each}/`));
}

async function requireUnpushed(context: Context): Promise<void> {
  if ((await findCommit(context, "HEAD")) === undefined) return;
  if ((await countCommits(context, ["--max-count=1", "HEAD", "--not", "--remotes"])) > 0) return;
  throw unpushedWork(
    context.repository,
    "the last commit is on the remote already, and replacing it would leave the two apart",
  );
}

function requireMessage(message: string): void {
  if (message.trim() !== "" && !message.includes("\0")) return;
  throw new WsError("invalid_input", {
    message: message.trim() === "" ? "A commit needs a message." : "A message holds no NUL.",
    next: "Say what was done: --message MESSAGE.",
    data: { field: "message" },
  });
}

function ignored(stderr: string): WsError<"invalid_input"> {
  const [, ...files] = stderr.split("\n");
  const first = files.find((line) => line !== "" && !line.startsWith("hint:")) ?? "";
  return new WsError("invalid_input", {
    message: `'${first.slice(0, 200)}' is ignored by the repository's .gitignore.`,
    next: "Leave it out, or change the .gitignore.",
    data: { field: "paths" },
  });
}

function nothing(): WsError<"nothing_to_commit"> {
  return new WsError("nothing_to_commit", {
    message: "Nothing was committed: nothing is staged.",
    next: "Stage something first: 'ws git NAME add PATH', or commit with --all.",
    data: {},
  });
}
