import type { GitCommand } from "./command.ts";

export interface PushedRef {
  /** `ok`, or whether git here or the server refused it. */
  outcome: "ok" | "rejected" | "remote_rejected";
  reason?: string;
}

/** Brings what is checked out to this branch of the remote; by URL, because `origin` may have been led elsewhere. */
export function pushHead(
  url: string,
  branch: string,
  { force, expected }: { force: boolean; expected?: string },
): GitCommand<PushedRef | undefined> {
  return {
    argv: [
      "git",
      "push",
      "--porcelain",
      "--progress",
      "--no-follow-tags",
      ...(force && expected === undefined ? ["--force"] : []),
      ...(force && expected !== undefined ? [`--force-with-lease=refs/heads/${branch}:${expected}`] : []),
      "--",
      url,
      `HEAD:refs/heads/${branch}`,
    ],
    parse: parsePush,
  };
}

/** The line of the one ref: its flag, from and to, and what became of it with the reason in brackets. */
function parsePush(stdout: string): PushedRef | undefined {
  const line = stdout.split("\n").find((each) => /^[ +\-*!=]\t/.test(each));
  if (line === undefined) return undefined;
  const [flag, , summary = ""] = line.split("\t");
  if (flag !== "!") return { outcome: "ok" };
  const reason = /\((.*)\)\s*$/.exec(summary)?.[1];
  return {
    outcome: summary.startsWith("[remote rejected]") ? "remote_rejected" : "rejected",
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Notes that the remote has the branch at this commit, and that the branch here follows it; one of another name goes on following what it does. */
export function followPushed(branch: string, commit: string, checkedOut: string): readonly GitCommand<void>[] {
  const quiet = { parse: () => undefined };
  const seen = { argv: ["git", "update-ref", "--", `refs/remotes/origin/${branch}`, commit], ...quiet } as const;
  if (checkedOut !== branch) return [seen];
  return [seen, { argv: ["git", "branch", "--quiet", `--set-upstream-to=origin/${branch}`], ...quiet }];
}
