export { createConnection, type Connection, type ConnectionOptions } from "./connection.ts";
export { ConnectionStoppedError, follow, type FollowOptions } from "./follow.ts";
export { judgeFailure, type Verdict } from "./judge.ts";
export type { Attempt, Link, LinkOptions } from "./link.ts";
export type { Cause, ConnectionState, Loss, Problem, StopReason } from "./state.ts";
export { systemTimers, type Timers } from "../timers.ts";
export { tokenProblem } from "./token-problem.ts";
export { SilentStreamError, watchStream } from "./watch-stream.ts";
