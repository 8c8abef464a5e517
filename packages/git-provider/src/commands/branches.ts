import type { GitBranch } from "@ws/workspace-core";
import type { StreamedCommand } from "../working/run.ts";

const FIELDS = [
  "refname",
  "HEAD",
  "objectname",
  "committerdate:iso-strict",
  "upstream:short",
  "upstream:track",
  "symref",
  "contents:subject",
];

/** Branches here or as they were last seen on the remote, newest commit first; a line each. */
export function branches(where: "heads" | "remotes", limit: number): StreamedCommand {
  return {
    args: [
      "for-each-ref",
      "--sort=-committerdate",
      `--count=${limit}`,
      `--format=${FIELDS.map((field) => `%(${field})`).join("%00")}`,
      `refs/${where}`,
    ],
    kind: "read",
    separator: "\n",
    longest: 16_384,
  };
}

/** Undefined for what only points at another, such as the remote's HEAD. */
export function readBranch(line: string): GitBranch | undefined {
  const [ref = "", mark, head = "", date = "", upstream = "", track = "", symbolic = "", subject = ""] =
    line.split("\0");
  if (symbolic !== "" || ref === "") return undefined;
  const remote = ref.startsWith("refs/remotes/");
  const ahead = Number(/ahead (\d+)/.exec(track)?.[1] ?? 0);
  const behind = Number(/behind (\d+)/.exec(track)?.[1] ?? 0);
  const gone = track === "[gone]";
  return {
    name: ref.slice(remote ? "refs/remotes/".length : "refs/heads/".length),
    remote,
    current: mark === "*",
    head,
    subject,
    date,
    ...(upstream === "" ? {} : { upstream }),
    ...(upstream === "" || gone ? {} : { ahead, behind }),
    ...(gone ? { gone } : {}),
  };
}
