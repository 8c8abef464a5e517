export { retryDelay } from "../retry-delay.ts";
export { systemTimers, type Timers } from "../timers.ts";
export {
  connectTerminal,
  type Problem,
  type Refusal,
  type TerminalConnection,
  type TerminalOptions,
  type TerminalSink,
  type TerminalState,
} from "./connect-terminal.ts";
export type { TerminalSocket } from "./link.ts";
