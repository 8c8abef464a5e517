import { type Box, type Git, type Repository, throwIfAborted, WsError } from "@ws/workspace-core";
import { currentBranch, headCommit } from "./commands/checkout.ts";
import { listRemoteHead } from "./commands/ls-remote.ts";
import { followPushed, pushHead } from "./commands/push.ts";
import { gitEnvironment } from "./environment.ts";
import { cloneFailure, largeFilesWords } from "./failures.ts";
import { progressReporter } from "./progress.ts";
import { runToEnd } from "./run-git.ts";

/**
 * `Git.push`. What the workspace's own configuration makes of it is checked afterwards: only what the remote then has counts.
 */
export async function push(
  box: Box,
  repository: Repository,
  options: Parameters<Git["push"]>[2] & { forwarded: boolean },
): Promise<{ commit: string; from?: string }> {
  const { branch, force = false, expected, report, group, signal } = options;
  const { url } = repository;
  const abortable = signal === undefined ? {} : { signal };
  const cwd = options.worktree ?? box.repositoryDirectory(repository.name);
  const running = { cwd, env: gitEnvironment(options), group, ...abortable };
  const head = headCommit();
  const asked = await runToEnd(box, head.argv, running);
  if (asked.code !== 0) throw failed(branch, "nothing is committed there yet", "Commit something first.");
  const commit = head.parse(asked.stdout);
  const current = currentBranch();
  const checkedOut = current.parse((await runToEnd(box, current.argv, running)).stdout);

  const command = pushHead(url, branch, { force, ...(expected === undefined ? {} : { expected }) });
  const outcome = await runToEnd(box, command.argv, { ...running, onLine: progressReporter(report) });
  throwIfAborted(signal);
  const ref = command.parse(outcome.stdout);
  if (outcome.code !== 0 || ref?.outcome !== "ok") throw pushFailure(url, branch, ref, outcome.stderr);

  const remote = listRemoteHead(url, branch);
  // Not in the repository, whose configuration might lead it elsewhere.
  const seen = await runToEnd(box, remote.argv, { ...running, cwd: box.home });
  if (remote.parse(seen.stdout) !== commit) {
    throw failed(
      branch,
      `'${url}' does not have it although git there said so`,
      "Look at the repository's configuration: 'git config --list --show-origin' in the workspace.",
    );
  }
  for (const each of followPushed(branch, commit, checkedOut)) await runToEnd(box, each.argv, running);
  return { commit, ...(checkedOut === branch || checkedOut === "HEAD" ? {} : { from: checkedOut }) };
}

function pushFailure(
  url: string,
  branch: string,
  ref: ReturnType<ReturnType<typeof pushHead>["parse"]>,
  stderr: string,
): WsError {
  // The worker says so of a push that it led, where it is nobody's judgement.
  if (/^Workspace cannot (?:reach|log in)/.test(ref?.reason ?? "")) return cloneFailure(url, `remote: ${ref?.reason}`);
  if (ref?.outcome === "remote_rejected") {
    const words = remoteWords(stderr);
    // The worker's own words name the push and the advice too, which stand here already.
    const own = /^Workspace refused the push of .*?: (this workspace may .*)\. 'ws credential grant'/.exec(words ?? "");
    const why = own?.[1] ?? words ?? ref.reason ?? "without a reason";
    return new WsError("push_refused", {
      message: `The push of '${branch}' was refused: ${why}.`,
      next: "Push to a branch that may be written, or have the grant widened on the worker: 'ws credential grant NAME' with --branch, --force, --tags or --workflows.",
      data: { branch },
    });
  }
  if (ref?.outcome === "rejected") {
    return failed(
      branch,
      `the remote has commits that are not here (${ref.reason ?? "rejected"})`,
      "Bring them in with 'git pull --rebase' there and push again.",
    );
  }
  const large = largeFilesWords(stderr);
  if (large !== undefined) {
    return failed(
      branch,
      `its large files were not stored: ${large}`,
      "Push again: what was stored is not sent twice.",
    );
  }
  const failure = cloneFailure(url, stderr);
  if (failure.code !== "clone_failed") return failure;
  const line = stderr.split("\n").find((each) => /^(?:fatal|error|remote): /.test(each)) ?? "git ended without a word";
  return failed(
    branch,
    line.replace(/^\w+: /, "").slice(0, 300),
    "Try it by hand to see more: 'git push' in the workspace.",
  );
}

/** What the server said beside the refusal of the ref. */
function remoteWords(stderr: string): string | undefined {
  const lines = stderr.split("\n").filter((line) => line.startsWith("remote: "));
  const words = lines.map((line) => line.slice("remote: ".length).trim()).filter((line) => line !== "");
  if (words.length === 0) return undefined;
  return words
    .map((line) => line.replace(/^error: /, ""))
    .join("; ")
    .replace(/\.$/, "")
    .slice(0, 300);
}

function failed(branch: string, why: string, next: string): WsError<"push_failed"> {
  return new WsError("push_failed", { message: `The push of '${branch}' failed: ${why}.`, next, data: { branch } });
}
