import type { Argv } from "@ws/workspace-core";
import { START_SCRIPT, TERMINAL_SCRIPT, UNPACK_SCRIPT } from "./start-script.ts";

/** A command line that leads into a workspace. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Descriptors of this process that the command needs, from 4 on in this order. */
  readonly descriptors: readonly number[];
}

/** What a command is started for: with a control channel on descriptor 3, or on a terminal. */
export type Purpose = "run" | "terminal";

export interface Inside {
  readonly cwd: string;
  readonly argv: Argv;
  readonly env: Readonly<Record<string, string>>;
}

/** How a process gets into a workspace. */
export interface Entrance {
  command(purpose: Purpose, inside: Inside): Command;
  /** Finds the way in again after a command that did not get inside; throws `box_unavailable` where there is none. */
  repair(): Promise<void>;
}

// Shells refuse to set these, and a refused assignment ends the shell.
const READ_ONLY = new Set(["UID", "EUID", "PPID", "BASHOPTS", "SHELLOPTS", "BASH_VERSINFO"]);
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** No sandbox: a process of this user like any other. */
export function openEntrance(): Entrance {
  return {
    command: (purpose, { cwd, argv, env }) => ({
      file: "/bin/sh",
      args: ["-c", scriptOf(purpose), "ws", cwd, ...argv],
      env: sane(env),
      descriptors: [],
    }),
    repair: async () => undefined,
  };
}

/** Leads through a program, which sees the variables only under names that mean nothing to it or to its loader. */
export function entranceThrough(
  options: { file: string; args: readonly string[]; marks: Readonly<Record<string, string>> },
  purpose: Purpose,
  { cwd, argv, env }: Inside,
): Omit<Command, "descriptors"> {
  const packed = Object.entries(sane(env)).map(([name, value], index) => [`WS_ENV_${index + 1}`, `${name}=${value}`]);
  return {
    file: options.file,
    args: [...options.args, "/bin/sh", "-c", UNPACK_SCRIPT + scriptOf(purpose), "ws", cwd, ...argv],
    env: {
      ...options.marks,
      WS_ENV_COUNT: String(packed.length),
      ...(Object.fromEntries(packed) as Record<string, string>),
    },
  };
}

function scriptOf(purpose: Purpose): string {
  return purpose === "run" ? START_SCRIPT : TERMINAL_SCRIPT;
}

function sane(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(([name, value]) => VARIABLE.test(name) && !READ_ONLY.has(name) && !value.includes("\0")),
  );
}
