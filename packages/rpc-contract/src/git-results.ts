import { z } from "zod";

const changeKind = z.enum(["added", "modified", "deleted", "renamed", "copied", "type_changed", "unmerged"]);
const path = z.string().describe("Relative to the top of the repository");

export const changedFile = z.object({
  path,
  oldPath: z.string().optional().describe("Where it was before it was renamed or copied"),
  index: changeKind.optional().describe("What is staged of it"),
  worktree: z
    .enum([...changeKind.options, "untracked"])
    .optional()
    .describe("What changed since then in the working tree; a new directory is one entry with / at its end"),
  conflicted: z.boolean(),
  submodule: z.literal(true).optional(),
});
export type GitChangedFile = z.infer<typeof changedFile>;

export const gitStatus = z.object({
  branch: z.string().optional().describe("Absent where a commit is checked out and no branch"),
  head: z.string().optional().describe("Absent before the first commit"),
  detached: z.boolean(),
  upstream: z.string().optional(),
  ahead: z.number().optional(),
  behind: z.number().optional(),
  operation: z.enum(["merge", "rebase", "cherry_pick", "revert", "bisect"]).optional(),
  stashes: z.number(),
  files: z.array(changedFile),
  total: z.number().describe("How many files there are, also where not all are told"),
  truncated: z.boolean(),
});
export type GitStatusResult = z.infer<typeof gitStatus>;

const person = z.object({ name: z.string(), email: z.string(), date: z.string() });

export const gitCommit = z.object({
  hash: z.string(),
  parents: z.array(z.string()),
  author: person,
  committer: person,
  subject: z.string(),
  body: z.string(),
  refs: z.array(z.object({ type: z.enum(["head", "branch", "remote", "tag", "other"]), name: z.string() })),
});
export type GitCommitResult = z.infer<typeof gitCommit>;

export const gitLog = z.object({
  commits: z.array(gitCommit),
  truncated: z.boolean().describe("Whether there are further ones, to be had with skip"),
});
export type GitLogResult = z.infer<typeof gitLog>;

const line = z.object({
  type: z.enum(["context", "added", "deleted"]),
  old: z.number().optional(),
  new: z.number().optional(),
  text: z.string(),
  noNewline: z.literal(true).optional(),
  cut: z.literal(true).optional().describe("Only its beginning: it is very long"),
});

export const diffFile = z.object({
  path,
  oldPath: z.string().optional(),
  status: changeKind,
  oldMode: z.string().optional(),
  newMode: z.string().optional(),
  binary: z.boolean(),
  additions: z.number(),
  deletions: z.number(),
  hunks: z.array(z.object({ header: z.string(), lines: z.array(line) })),
  truncated: z.boolean().describe("Whether hunks or lines of it were left out"),
});
export type GitDiffFile = z.infer<typeof diffFile>;

export const gitDiff = z.object({
  files: z.array(diffFile),
  additions: z.number(),
  deletions: z.number(),
  total: z.number().describe("How many files there are, also where not all are told"),
  hidden: z.number().describe("How many of them the workspace's policy hides"),
  truncated: z.boolean(),
});
export type GitDiffResult = z.infer<typeof gitDiff>;

export const gitBranch = z.object({
  name: z.string(),
  remote: z.boolean(),
  current: z.boolean(),
  head: z.string(),
  subject: z.string(),
  date: z.string(),
  upstream: z.string().optional(),
  ahead: z.number().optional(),
  behind: z.number().optional(),
  gone: z.literal(true).optional().describe("Its upstream is no more"),
});
export type GitBranchResult = z.infer<typeof gitBranch>;

export const gitStash = z.object({
  index: z.number().describe("0 is the newest"),
  hash: z.string(),
  message: z.string(),
  date: z.string(),
});
export type GitStashResult = z.infer<typeof gitStash>;

export const gitBlob = z.object({
  path,
  commit: z.string().optional().describe("Absent for what is staged"),
  size: z.number().describe("Bytes of the whole"),
  binary: z.boolean(),
  encoding: z.enum(["utf-8", "base64"]).optional(),
  content: z.string().optional().describe("Absent for a binary file unless it is asked for as base64"),
  truncated: z.boolean(),
});
export type GitBlobResult = z.infer<typeof gitBlob>;
