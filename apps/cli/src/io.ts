import { spawnSync } from "node:child_process";
import type { Readable, Writable } from "node:stream";

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
    onResize: (listener) => listen(process.stdout, "resize", listener),
  };
}
