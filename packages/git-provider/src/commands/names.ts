import type { StreamedCommand } from "../working/run.ts";

const LONGEST = 16_384;

/** The paths of files that git would add, with `tracked` also of those that it knows. */
export function listFiles({ tracked }: { tracked: boolean }): StreamedCommand {
  return {
    args: ["ls-files", "-z", "--others", "--exclude-standard", ...(tracked ? ["--cached", "--deduplicate"] : [])],
    kind: "read",
    separator: "\0",
    longest: LONGEST,
  };
}

/** The paths of files that git knows and that differ from a commit, but for those that are gone. */
export function listChanged(hash: string): StreamedCommand {
  const plain = ["--no-renames", "--no-ext-diff", "--no-textconv", "--diff-filter=d"];
  return {
    args: ["diff", "--name-only", "-z", ...plain, "--end-of-options", hash, "--"],
    kind: "read",
    separator: "\0",
    longest: LONGEST,
  };
}
