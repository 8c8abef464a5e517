import { spawnSync } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { isForeground } from "./following/foreground.ts";

export type EndSignal = (typeof END_SIGNALS)[number];

const END_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE"] as const;

/** What a command may touch of its surroundings. */
export interface Io {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  stdin: Readable & { isTTY?: boolean };
  /** Data, and nothing else. */
  stdout: Writable & { isTTY?: boolean; columns?: number; rows?: number };
  /** Progress, hints and errors. */
  stderr: Writable & { isTTY?: boolean; columns?: number };
  /** Calls back at SIGINT until the returned function is called. */
  onInterrupt: (listener: () => void) => () => void;
  /** Calls back, until the returned function is called, at each request to end; SIGPIPE says that nobody reads any more. */
  onSignal: (listener: (signal: EndSignal) => void) => () => void;
  /** Calls back when the process goes on after it was stopped, until the returned function is called. */
  onContinue: (listener: () => void) => () => void;
  /** Whether the keys of the terminal are for this process. */
  isForeground: () => boolean;
  /** Lets keys and bytes pass the terminal as they are, until the returned function is called. */
  passThrough: () => () => void;
  /** Calls back when the terminal's size changes until the returned function is called. */
  onResize: (listener: () => void) => () => void;
}

export function processIo(): Io {
  const listen = (target: NodeJS.EventEmitter, event: string, listener: () => void): (() => void) => {
    target.on(event, listener);
    return () => void target.off(event, listener);
  };
  return {
    env: process.env,
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    passThrough: () => {
      process.stdin.setRawMode(true);
      // Node's raw mode goes on turning \n into \r\n; programs that move down with \n would land in the first column.
      spawnSync("stty", ["-opost"], { stdio: ["inherit", "ignore", "ignore"] });
      return () => void process.stdin.setRawMode(false);
    },
    onInterrupt: (listener) => listen(process, "SIGINT", listener),
    onSignal: (listener) => {
      const offs = END_SIGNALS.map((signal) => listen(process, signal, () => listener(signal)));
      return () => offs.forEach((off) => off());
    },
    onContinue: (listener) => listen(process, "SIGCONT", listener),
    isForeground,
    onResize: (listener) => listen(process.stdout, "resize", listener),
  };
}
