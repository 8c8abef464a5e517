import type { ConnectionState } from "@ws/rpc-contract/connection";
import { span } from "./amounts.ts";

type Away = Extract<ConnectionState, { kind: "down" | "stopped" }>;

/** What is said of an outage: what is wrong, what happens next, and whether trying at once is of use. Times are of the connection's clock. */
export function outageOf(state: Away, now: number): { said: string; next: string; tries: boolean } {
  if (state.kind === "stopped") {
    return { said: state.problem.message, next: state.problem.next ?? "Sign in again.", tries: false };
  }
  const { cause, nextTryAt, heardAt, problem } = state;
  const seconds = nextTryAt === undefined ? 0 : Math.ceil((nextTryAt - now) / 1_000);
  const trying = seconds <= 0 ? "Trying again now…" : `Trying again in ${seconds} s.`;
  const heard = heardAt === undefined ? "" : ` What you see is as it was ${heardText(heardAt, now)}.`;
  return {
    said: (problem?.code === AWAY ? AWAY_SAID : problem?.message) ?? CAUSES[cause],
    next: `${trying}${heard}`,
    tries: true,
  };
}

/** Said by the hub of a worker. */
export const AWAY = "worker_offline";
const AWAY_SAID = "This worker is offline. Its workspaces, terminals and tasks go on.";

const CAUSES: Readonly<Record<Extract<Away, { kind: "down" }>["cause"], string>> = {
  unreachable: "The worker does not answer.",
  silent: "The worker has fallen silent.",
  dropped: "The connection to the worker broke.",
  going_away: "The worker was stopped, or is being started again.",
  overloaded: "The worker cannot serve this page now.",
};

/** How long ago something was heard. */
export function heardText(heardAt: number | undefined, now: number): string {
  if (heardAt === undefined) return "not heard yet";
  const seconds = Math.max(0, Math.round((now - heardAt) / 1_000));
  return seconds < 1 ? "just now" : `${span(seconds * 1_000).replace(".0", "")} ago`;
}
