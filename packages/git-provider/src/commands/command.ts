import type { Argv } from "@ws/workspace-core";

/** A git command as data: what is run and how its output is read. */
export interface GitCommand<T> {
  argv: Argv;
  /** What it reads, where it reads anything. */
  stdin?: string;
  parse(stdout: string): T;
}
