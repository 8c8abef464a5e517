import { follow, judgeFailure, type ConnectionState, type FollowOptions } from "@ws/rpc-contract/connection";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { printable } from "../output/printable.ts";
import { LOST_BECAUSE } from "./lost-because.ts";
import { nudgedConnection } from "./nudged-connection.ts";

export interface Follower extends Disposable {
  /** Reads a stream as far as it goes, over every loss of the connection; an agent that does not answer at first is a failure. */
  follow: <T>(options: Omit<FollowOptions<T>, "connection" | "judge">) => Promise<void>;
}

/** What one command follows: its streams are lost together, which is said once, and come back together. */
export function followAgent({ io, hint }: Pick<Context, "io" | "hint">): Follower {
  const connection = nudgedConnection(io);
  let told: string | undefined;
  connection.subscribe(() => {
    const state = connection.state();
    if (state.kind !== "down") {
      if (state.kind === "up" && told !== undefined) hint("Connected again.");
      if (state.kind === "up") told = undefined;
      return;
    }
    const why = LOST_BECAUSE[state.cause];
    if (told === undefined) hint(`${why}${said(state)} Trying again; Enter tries at once, Ctrl-C ends.`);
    told = why;
  });
  return {
    follow: (options) => follow({ failAtFirst: true, ...options, connection, judge }),
    [Symbol.dispose]: connection.close,
  };
}

function said({ problem }: Extract<ConnectionState, { kind: "down" }>): string {
  return problem === undefined ? "" : ` ${printable(problem.message)}`;
}

/** The socket of another user stays another's. */
function judge(error: unknown, wasOpen: boolean): ReturnType<typeof judgeFailure> {
  if (error instanceof CliError && error.exit === EXIT.denied) return { kind: "refused" };
  return judgeFailure(error, wasOpen);
}
