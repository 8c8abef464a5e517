import { type Repository, throwIfAborted, type WsError } from "@ws/workspace-core";
import type { Outcome } from "../run-git.ts";
import { workFailure } from "./failures.ts";
import type { Runner, WorkCommand } from "./run.ts";

/** What every verb works with. */
export interface Context {
  readonly runner: Runner;
  readonly repository: Repository;
  /** Brings the branch of the remote to `refs/remotes/origin/BRANCH`; throws what a fetch throws. */
  fetch(branch: string): Promise<void>;
  push(options: { branch: string; force?: boolean; expected?: string }): Promise<{ commit: string }>;
}

export function failed(
  { repository }: Context,
  command: string,
  said: Pick<Outcome, "stderr"> & { stdout?: string },
): WsError {
  return workFailure(command, repository, said);
}

/** `commit` of `-c … commit …`. */
export function nameOf({ args }: { args: readonly string[] }): string {
  return args.find((arg, at) => !arg.startsWith("-") && args[at - 1] !== "-c") ?? "";
}

/** Runs a command that has to succeed. */
export async function must(context: Context, command: Omit<WorkCommand<unknown>, "parse">): Promise<string> {
  const said = await context.runner.run(command);
  throwIfAborted(context.runner.signal);
  if (said.code !== 0) throw failed(context, nameOf(command), said);
  return said.stdout;
}
