export { retryDelay } from "../retry-delay.ts";
export { systemTimers, type Timers } from "../timers.ts";
export {
  connectTerminal,
  type TerminalConnection,
  type TerminalOptions,
  type TerminalSink,
  type TerminalState,
} from "./connect-terminal.ts";
export type { Refusal } from "./ending.ts";
export type { Problem } from "../connection/state.ts";
export type { TerminalSocket } from "./link.ts";
