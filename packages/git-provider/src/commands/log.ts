import type { GitCommitInfo, GitRef } from "@ws/workspace-core";
import type { StreamedCommand } from "../working/run.ts";

/** In this order, each ended by a NUL, which none of them can hold. */
const FIELDS = ["%H", "%P", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%D", "%s", "%b"];
const LONGEST = 16_384;

/** Commits from these on (hashes), newest first; `without` and its ancestors are left out. */
export function log(
  commits: readonly string[],
  options: { without?: string; limit: number; skip?: number; paths?: readonly string[] },
): StreamedCommand {
  const { without, limit, skip = 0, paths = [] } = options;
  return {
    args: [
      "log",
      "-z",
      "--no-show-signature",
      "--no-color",
      "--no-follow",
      "--no-patch",
      "--decorate=full",
      "--encoding=UTF-8",
      `--max-count=${limit}`,
      `--skip=${skip}`,
      `--format=${FIELDS.join("%x00")}`,
      ...commits,
      ...(without === undefined ? [] : [`^${without}`]),
      ...(paths.length === 0 ? ["--"] : paths),
    ],
    kind: "read",
    paths: true,
    separator: "\0",
    longest: LONGEST,
  };
}

/** Gathers fields to commits. */
export function createLogReader(onCommit: (commit: GitCommitInfo) => void): (field: string) => void {
  let fields: string[] = [];
  return (field) => {
    fields.push(field);
    if (fields.length < FIELDS.length) return;
    const [
      hash = "",
      parents = "",
      an = "",
      ae = "",
      ad = "",
      cn = "",
      ce = "",
      cd = "",
      refs = "",
      subject = "",
      body = "",
    ] = fields;
    fields = [];
    onCommit({
      hash,
      parents: parents === "" ? [] : parents.split(" "),
      author: { name: an, email: ae, date: ad },
      committer: { name: cn, email: ce, date: cd },
      subject,
      body: body.replace(/\n+$/, ""),
      refs: refs === "" ? [] : refs.split(", ").flatMap(toRefs),
    });
  };
}

const TYPES: readonly (readonly [string, GitRef["type"]])[] = [
  ["refs/heads/", "branch"],
  ["refs/remotes/", "remote"],
  ["refs/tags/", "tag"],
];

/** `HEAD -> refs/heads/main` is two of them. */
function toRefs(text: string): GitRef[] {
  const [, current] = /^HEAD -> (.+)$/s.exec(text) ?? [];
  if (current !== undefined) return [{ type: "head", name: "HEAD" }, ...toRefs(current)];
  const name = text.replace(/^tag: /, "");
  if (name === "HEAD") return [{ type: "head", name }];
  const [prefix, type] = TYPES.find(([each]) => name.startsWith(each)) ?? ["", "other" as const];
  return [{ type, name: name.slice(prefix.length) }];
}
