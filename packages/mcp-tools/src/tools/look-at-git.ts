import { z } from "zod";
import { tool } from "../tool.ts";
import { diffText } from "./diff-text.ts";
import { looking, name, path } from "./fields.ts";
import { oneLine } from "./one-line.ts";
import { showCommit, showStatus, statusLine } from "./show-git.ts";
import { counted } from "./counted.ts";

const ref = z.string().min(1).max(300).describe("A branch, tag or commit");
const MOST_FILES = 500;
const look = { ...looking, workspaceField: "name" } as const;

export const workspaceGitStatus = tool({
  ...look,
  name: "workspace_git_status",
  title: "Git status",
  description: "Tells the branch of a workspace's repository, its commit, and which files have changed.",
  fields: z.strictObject({ name }),
  aliases: { repo: "name" },
  async run(input, { client, signal }) {
    const [status, { repo: remote }] = await Promise.all([
      client.git.status({ ...input, limit: MOST_FILES }, { signal }),
      client.workspaces.get(input, { signal }),
    ]);
    const files = status.files.map((file) => `${file.index ?? "-"} ${file.worktree ?? "-"} ${oneLine(file.path)}`);
    return {
      data: { ...input, remote, ...showStatus(status) },
      text: [statusLine(status), ...files].join("\n"),
      ...(status.truncated ? { note: "There are more files." } : {}),
    };
  },
});

export const workspaceGitLog = tool({
  ...look,
  name: "workspace_git_log",
  title: "Git log",
  description: "Lists the commits of a workspace's repository, newest first, 10 where no limit is given.",
  fields: z.strictObject({
    name,
    limit: z.number().int().positive().max(1_000).optional(),
    ref: ref.optional(),
    path: path.optional().describe("Only commits that changed it"),
  }),
  aliases: { repo: "name" },
  async run(input, { client, signal }) {
    const { commits, truncated } = await client.git.log(input, { signal });
    const lines = commits.map(({ hash, author, subject }) => `${hash.slice(0, 12)} ${author.date} ${oneLine(subject)}`);
    return {
      data: { name: input.name, commits: commits.map(showCommit), truncated },
      text: lines.length === 0 ? "No commits." : lines.join("\n"),
    };
  },
});

export const workspaceGitDiff = tool({
  ...look,
  name: "workspace_git_diff",
  title: "Git diff",
  description:
    "Compares the working tree with what is staged, with staged what is staged with the last commit, or two commits. With stat only the numbers of each file.",
  fields: z.strictObject({
    name,
    from: ref.optional(),
    to: ref.optional(),
    staged: z.boolean().optional(),
    path: path.optional().describe("Only this file or directory"),
    stat: z.boolean().optional(),
  }),
  aliases: { repo: "name" },
  async run({ path: only, ...asked }, { client, signal }) {
    const diff = await client.git.diff({ ...asked, ...(only === undefined ? {} : { paths: [only] }) }, { signal });
    const { additions, deletions, total, hidden } = diff;
    const files = diff.files.map(({ hunks: _, ...file }) => file);
    const { text, cut } = diffText(diff.files);
    const truncated = diff.truncated || cut;
    const left = truncated ? "Parts are left out because it is too long: ask for one file. " : "";
    const hiding = hidden > 0 ? `The policy hides ${counted(hidden, "file")}.` : "";
    const note = `${left}${hiding}`.trim();
    return {
      data: { name: asked.name, files, diff: text, additions, deletions, total, hidden, truncated },
      text: text === "" ? "No differences." : text,
      ...(note === "" ? {} : { note }),
    };
  },
});
