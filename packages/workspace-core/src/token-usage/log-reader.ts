import type { FoundUsage } from "./usage-entry.ts";

/** Reads one log of a coding tool, line by line, from where it was left; no line makes it throw. */
export interface LogReader {
  line(text: string): FoundUsage | undefined;
  /** What it has to know again to go on: short, and nothing of what was said. */
  state(): string;
}

/** Logs of a tool below a workspace's home. */
export interface LogKind {
  tool: string;
  /** The directory below the home, where no variable says another, and the variable with what it has below it. */
  directory: string;
  variable: { name: string; below: string };
  /** Of its files, those that are read. */
  isLog(name: string): boolean;
  reader(state: string | undefined): LogReader;
}
