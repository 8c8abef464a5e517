export { retryDelay } from "../retry-delay.ts";
export { systemTimers, type Timers } from "../timers.ts";
export { connectTerminal } from "./connect-terminal.ts";
export type { Refusal } from "./ending.ts";
export type { TerminalConnection, TerminalOptions, TerminalSink, TerminalState } from "./terminal-connection.ts";
export type { Problem } from "../connection/state.ts";
export type { TerminalSocket } from "./link.ts";
