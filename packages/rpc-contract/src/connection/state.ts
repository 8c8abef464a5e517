/** What the agent said of a failure: a stable code, one sentence, and the next step. */
export interface Problem {
  code: string;
  message: string;
  next?: string | undefined;
}

export type Cause =
  /** An attempt got no answer. */
  | "unreachable"
  /** It was open, and not even a heartbeat came any more. */
  | "silent"
  /** It broke while it was open. */
  | "dropped"
  /** The agent ended it, as it does when it is restarted. */
  | "going_away"
  /** The agent answered that it cannot serve this now. */
  | "overloaded";

/** What is wrong with the token: there was none, nobody knows it, or it has ended. */
export type StopReason = "missing" | "unknown" | "revoked" | "expired";

/** Whether there is a way to the agent. Times are milliseconds of the clock that the connection was given. */
export type ConnectionState =
  /** Nothing has answered yet, nor failed; or nothing is wanted. */
  | { kind: "connecting" }
  | { kind: "up"; since: number }
  | {
      kind: "down";
      since: number;
      cause: Cause;
      /** How many attempts have failed since. */
      attempts: number;
      /** When the next attempt begins; undefined while one is under way. */
      nextTryAt: number | undefined;
      /** When anything last came; undefined where nothing ever did. */
      heardAt: number | undefined;
      /** Why, where the agent said so. */
      problem: Problem | undefined;
    }
  /** Trying again cannot help. */
  | { kind: "stopped"; reason: StopReason; problem: Problem };

/** How something that was open, or was being opened, ended. */
export interface Loss {
  cause: Cause;
  problem?: Problem | undefined;
  /** The agent is there and refused only this for now, so that nothing else has to wait with it. */
  alone?: boolean;
}
