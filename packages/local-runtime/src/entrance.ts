import { type Argv, shellWord, WsError } from "@ws/workspace-core";
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

/** No sandbox: a process of this user like any other, with a mark by which it is found. */
export function openEntrance(mark: readonly [name: string, value: string]): Entrance {
  return {
    command: (purpose, { cwd, argv, env }) => ({
      file: "/bin/sh",
      args: ["-c", scriptOf(purpose), "ws", cwd, ...argv],
      env: { ...settable(env), [mark[0]]: mark[1] },
      descriptors: [],
    }),
    repair: async () => undefined,
  };
}

/** What leads into a sandbox. */
export interface Way {
  readonly file: string;
  readonly args: readonly string[];
  readonly mark: readonly [name: string, value: string];
  /** Leaves a text where the processes inside can read it, and says where that is. */
  leave(text: string): string;
}

// bwrap takes 9,000, its own included.
const MOST_ARGUMENTS = 8_000;

/** Leads through a program, which sees the variables only under names that mean nothing to it or to its loader. */
export function entranceThrough(way: Way, purpose: Purpose, inside: Inside): Omit<Command, "descriptors"> {
  const { cwd, argv, env } = inside;
  const packed = Object.entries(settable(env)).map(([name, value], index) => [
    `WS_ENV_${index + 1}`,
    `${name}=${value}`,
  ]);
  const isLong = argv.length > MOST_ARGUMENTS;
  const script = `unset ${way.mark[0]}${UNPACK_SCRIPT}${scriptOf(purpose)}`;
  return {
    file: way.file,
    args: [...way.args, "/bin/sh", "-c", script, "ws", cwd, ...(isLong ? [] : argv)],
    env: {
      [way.mark[0]]: way.mark[1],
      WS_ENV_COUNT: String(packed.length),
      ...(Object.fromEntries(packed) as Record<string, string>),
      ...(isLong ? { WS_ARGUMENTS: way.leave(`set -- "$@" ${argv.map(shellWord).join(" ")}\n`) } : {}),
    },
  };
}

function scriptOf(purpose: Purpose): string {
  return purpose === "run" ? START_SCRIPT : TERMINAL_SCRIPT;
}

function settable(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !READ_ONLY.has(name)));
}

/** Throws `invalid_input` for what no program can be given. */
export function checkInside({ argv, env, cwd }: Inside): void {
  for (const [name, value] of Object.entries(env)) {
    if (!VARIABLE.test(name) || value.includes("\0")) throw notGivable("env", `the variable '${name.slice(0, 80)}'`);
  }
  if ([cwd, ...argv].some((part) => part.includes("\0"))) throw notGivable("argv", "an argument with a NUL byte");
}

function notGivable(field: string, what: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `No program can be given ${what}.`,
    next: "Put it into a file, or pass it on stdin.",
    data: { field },
  });
}
