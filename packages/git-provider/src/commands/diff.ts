import type { StreamedCommand } from "../working/run.ts";

export interface DiffArguments {
  /** Numbers only. */
  stat: boolean;
  context: number;
  /** With `--` before them, or nothing. */
  paths: readonly string[];
}

/** The two that are compared, as arguments: hashes and options only. The index is not written: whoever works there would find it locked. */
export function diff(between: readonly string[], options: DiffArguments): StreamedCommand {
  return {
    ...SHAPE,
    args: ["-c", "diff.autoRefreshIndex=false", "diff", ...flags(options), ...between, ...options.paths],
  };
}

/** What a commit changed, of a merge against its first parent. */
export function showChanges(commit: string, options: DiffArguments): StreamedCommand {
  const args = ["show", "--format=", "--no-show-signature", "--diff-merges=first-parent"];
  return { ...SHAPE, args: [...args, ...flags(options), commit, ...options.paths] };
}

/** Two paths of the longest kind fit into a line, with all of their characters written as numbers. */
const SHAPE: Omit<StreamedCommand, "args"> = { kind: "read", paths: true, separator: "\n", longest: 40_000 };

/** Whatever the repository's own configuration says, the output is the same and no program of it runs. */
function flags({ stat, context }: DiffArguments): string[] {
  return [
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--no-relative",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--submodule=short",
    "--ignore-submodules=dirty",
    "--find-renames",
    "--inter-hunk-context=0",
    "-O/dev/null",
    "--no-abbrev",
    "--raw",
    "--numstat",
    ...(stat ? [] : ["--patch", `--unified=${context}`]),
  ];
}
