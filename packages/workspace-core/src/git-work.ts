/** What became of a file between two states of a repository. */
export type ChangeKind = "added" | "modified" | "deleted" | "renamed" | "copied" | "type_changed" | "unmerged";

/** What git is in the middle of, until it is gone on with or given up. */
export type GitOperation = "merge" | "rebase" | "cherry_pick" | "revert" | "bisect";

/** Paths are those of the repository: relative to its top, segments joined by `/`. Names that are no UTF-8 come with U+FFFD in them. */
export interface ChangedFile {
  path: string;
  /** Where it was before it was renamed, or what it is a copy of. */
  oldPath?: string;
  /** What is staged of it; absent where that is nothing. */
  index?: ChangeKind;
  /** What has changed in the working tree since then; absent where that is nothing. A new directory is one, with `/` at its end. */
  worktree?: ChangeKind | "untracked";
  conflicted: boolean;
  submodule?: true;
}

export interface GitStatus {
  /** The branch that is checked out, born or not; absent where it is none. */
  branch?: string;
  /** The commit that is checked out; absent before the first one. */
  head?: string;
  /** Whether a commit is checked out and no branch. */
  detached: boolean;
  /** The branch of the remote that it follows: `origin/main`. */
  upstream?: string;
  /** Commits that only one of the two has; absent where the upstream was never seen. */
  ahead?: number;
  behind?: number;
  operation?: GitOperation;
  stashes: number;
  /** The first of them, by path as git orders them; ignored ones are left out. */
  files: ChangedFile[];
  /** How many there are. */
  total: number;
  truncated: boolean;
}

export interface GitPerson {
  name: string;
  email: string;
  /** ISO 8601 with the zone it was written in. */
  date: string;
}

export interface GitRef {
  type: "head" | "branch" | "remote" | "tag" | "other";
  /** `HEAD`, `main`, `origin/main`, `v1`. */
  name: string;
}

export interface GitCommitInfo {
  hash: string;
  parents: string[];
  author: GitPerson;
  committer: GitPerson;
  subject: string;
  /** What follows the subject; its beginning where it is very long. */
  body: string;
  /** What points at it. */
  refs: GitRef[];
}

export interface GitLog {
  commits: GitCommitInfo[];
  /** Whether there are further ones, to be had with `skip`. */
  truncated: boolean;
}

export interface DiffLine {
  type: "context" | "added" | "deleted";
  /** Its number before and after, from 1. */
  old?: number;
  new?: number;
  /** Without its line feed; a carriage return before that stays. */
  text: string;
  /** The last line of a file that does not end with a line feed. */
  noNewline?: true;
  /** Its beginning only: it is very long. */
  cut?: true;
}

export interface DiffHunk {
  /** As git writes it, with the function it is in where git knows it: `@@ -1,3 +1,4 @@ main()`. */
  header: string;
  lines: DiffLine[];
}

export interface DiffFile {
  path: string;
  oldPath?: string;
  status: ChangeKind;
  /** Permission bits and type as git writes them, `100644`, where they changed or came to be. */
  oldMode?: string;
  newMode?: string;
  binary: boolean;
  /** Lines; 0 for a binary file. */
  additions: number;
  deletions: number;
  /** Empty where only numbers were asked for. */
  hunks: DiffHunk[];
  /** Whether hunks or lines of it were left out. */
  truncated: boolean;
}

export interface GitDiff {
  files: DiffFile[];
  /** Of all files, also of those that were left out. */
  additions: number;
  deletions: number;
  /** How many files there are. */
  total: number;
  /** How many of them the workspace's policy hides. */
  hidden: number;
  /** Whether files, hunks or lines were left out because there are too many. */
  truncated: boolean;
}

export interface GitBranch {
  /** `main`, or `origin/main` of the remote. */
  name: string;
  remote: boolean;
  current: boolean;
  head: string;
  subject: string;
  /** Of its last commit, ISO 8601. */
  date: string;
  upstream?: string;
  ahead?: number;
  behind?: number;
  /** Whether its upstream is no more. */
  gone?: true;
}

export interface GitStash {
  /** 0 is the newest. */
  index: number;
  hash: string;
  message: string;
  date: string;
}

export interface GitBlob {
  /** The commit it was read of; absent for what is staged. */
  commit?: string;
  path: string;
  /** In bytes, of the whole. */
  size: number;
  content: Uint8Array;
  truncated: boolean;
}

/** What is compared: the working tree with what is staged, where nothing else is said. */
export interface DiffRange {
  /** What is staged, instead of the working tree. */
  staged?: boolean;
  /** A branch, tag or commit to compare with instead of what is staged, or with `staged` instead of HEAD. */
  from?: string;
  /** A second one, to compare with `from` instead of the working tree. */
  to?: string;
  /** Compares with the commit where `from` and the other parted, as a pull request is shown. */
  mergeBase?: boolean;
}

export interface DiffOptions {
  /** These files and directories only. */
  paths?: readonly string[];
  /** Numbers only, no hunks. */
  stat?: boolean;
  /** Lines of context, 3 where absent. */
  context?: number;
}

/**
 * Git in the repository of one workspace, run there; results are data, never text to be read again. Branches, tags and commits are checked before git
 * sees them (`invalid_ref`, `ref_not_found`), paths are literal and never lead out (`path_traversal`). What would be lost is refused
 * (`uncommitted_work`, `unpushed_work`) unless `allowDestructive` says otherwise. Each throws `repository_not_found` where no repository lies there,
 * `repository_busy` where another git holds it, and `git_failed` with git's own words for the rest.
 */
export interface GitWork {
  /** `limit`: files, 5,000 where absent. `untracked`: a new directory as one entry (`directories`, where absent), file by file, or none. */
  status(options?: { untracked?: "directories" | "files" | "none"; limit?: number }): Promise<GitStatus>;
  /** Newest first, 10 where no limit is given; of `ref`, and with `from` only what that does not have. Nothing before the first commit. */
  log(options?: { ref?: string; from?: string; path?: string; limit?: number; skip?: number }): Promise<GitLog>;
  diff(options?: DiffRange & DiffOptions): Promise<GitDiff>;
  /** A commit with what it changed, of a merge against its first parent; HEAD where no ref is given. */
  show(options?: { ref?: string } & DiffOptions): Promise<{ commit: GitCommitInfo; diff: GitDiff }>;
  /** A file as it is in a commit, or as it is staged where no ref is given; at most `limit` bytes (1 MiB) of it. Throws `file_not_found`, `not_a_regular_file`. */
  blob(options: { ref?: string; path: string; limit?: number }): Promise<GitBlob>;
  /** Paths of files that git knows or would add, in no order; with `since` only of those that differ from that commit and are there. */
  names(options?: { since?: string }): Promise<{
    paths: string[];
    /** How many of them the policy hides. */
    hidden: number;
    truncated: boolean;
  }>;
  /** Stages files and directories as they are in the working tree, what is gone included; `.` is all. Throws `file_not_found`. */
  add(options: { paths: readonly string[] }): Promise<void>;
  /** Takes them out of what is staged; the working tree stays. */
  unstage(options: { paths: readonly string[] }): Promise<void>;
  /** Brings them back as they are staged, or as they are in a commit. Throws `file_not_found` for what git does not know. */
  restore(options: { paths: readonly string[]; from?: string; allowDestructive?: boolean }): Promise<void>;
  /**
   * Commits what is staged, with `all` everything that is not ignored, in the name that is set up. `amend` replaces the last commit, which must not be on
   * the remote. Throws `nothing_to_commit`, `identity_missing`, `merge_conflict`, `commit_failed` with the words of a hook.
   */
  commit(options: {
    message: string;
    all?: boolean;
    amend?: boolean;
    allowDestructive?: boolean;
  }): Promise<GitCommitInfo>;
  /**
   * Fetches the branch and goes on to it: where absent the one that is followed, or else of the same name, or else that it was begun from; with `rebase` the commits made here are put on top. Throws
   * `branch_diverged`, `merge_conflict`, `uncommitted_work` unless `allowDirty` leaves it to git, and what a fetch throws.
   */
  pull(options?: { branch?: string; rebase?: boolean; allowDirty?: boolean }): Promise<{
    branch: string;
    /** The commits before and after; the same where there was nothing new. */
    from?: string;
    to: string;
    /** How many commits came in. */
    commits: number;
  }>;
  /**
   * Brings what is checked out to this branch of the remote, the one of the same name where absent. `force` replaces what is there, if it is still `expected`: the
   * commit that was last seen there where absent. Throws as `Git.push`.
   */
  push(options?: { branch?: string; force?: boolean; expected?: string }): Promise<{ branch: string; commit: string }>;
  /** Those here, newest commit first, then those that were last seen on the remote; 1,000 of each at most. */
  branches(): Promise<{ branches: GitBranch[]; truncated: boolean }>;
  /** Makes a branch without checking it out. Throws `branch_exists`. */
  createBranch(options: { branch: string; from?: string }): Promise<{ branch: string; head: string }>;
  /** Throws `invalid_input` for the one that is checked out, `ref_not_found`. */
  deleteBranch(options: { branch: string; allowDestructive?: boolean }): Promise<void>;
  /**
   * Checks out a branch, also one that only the remote has; with `create` makes it, from `from` or what is checked out; with `detach` a commit or tag
   * without a branch. `allowDestructive` throws away what stands in the way.
   */
  checkout(options: {
    branch: string;
    create?: boolean;
    from?: string;
    detach?: boolean;
    allowDestructive?: boolean;
  }): Promise<{ branch?: string; head?: string }>;
  stashes(): Promise<GitStash[]>;
  /** Nothing to put away is success. */
  stash(options?: { message?: string; untracked?: boolean }): Promise<{ created: boolean }>;
  /** Brings one back and forgets it, the newest where absent; it is kept where it does not fit (`merge_conflict`, `uncommitted_work`). `hash` must still be its. */
  popStash(options?: { index?: number; hash?: string }): Promise<void>;
  /** Refused without `allowDestructive`: it lies nowhere else. */
  dropStash(options: { index: number; hash?: string; allowDestructive?: boolean }): Promise<void>;
  /**
   * Puts the commits of the branch on top of `onto`. Commits that the remote has are only replaced with `allowDestructive`. At a conflict it throws
   * `merge_conflict` with the files, and waits to be continued or aborted.
   */
  rebase(options: { onto: string; prefer?: "onto" | "branch"; allowDestructive?: boolean }): Promise<{ head: string }>;
  /** After the conflicts were resolved and added. Throws `no_operation`, `merge_conflict`. */
  continueRebase(): Promise<{ head: string }>;
  /** Back to before it; throws `no_operation`. */
  abortRebase(): Promise<{ head: string }>;
  /** Moves the branch. `hard` also brings everything to that state, which is refused where something would be lost. */
  reset(options?: {
    target?: string;
    mode?: "soft" | "mixed" | "hard";
    allowDestructive?: boolean;
  }): Promise<{ head: string }>;
}
