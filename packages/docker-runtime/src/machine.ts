import { execFile, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import type { Readable } from "node:stream";

export interface ProgramResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** What the runtime uses of the machine that the agent runs on. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly root: boolean;
  /** Its own IPv4 addresses, loopback left out. */
  addresses(): string[];
  hasInterface(name: string): boolean;
  /** The kernel's IPv4 routing table; empty where there is none to read. */
  routes(): string;
  /** Code 127 where the program is not installed. */
  run(argv: readonly [string, ...string[]], options?: { stdin?: string; signal?: AbortSignal }): Promise<ProgramResult>;
  /** A program whose output is too long to hold; aborting ends its whole process group. */
  start(
    argv: readonly [string, ...string[]],
    options: { env: Readonly<Record<string, string>>; signal?: AbortSignal },
  ): RunningProgram;
}

export interface RunningProgram {
  stdout: Readable;
  stderr: Readable;
  /** Rejects where the program could not be started. */
  exit: Promise<number>;
}

export function thisMachine(): Machine {
  return {
    platform: process.platform,
    root: process.getuid?.() === 0,
    addresses: () =>
      Object.values(networkInterfaces())
        .flatMap((addresses) => addresses ?? [])
        .filter((address) => address.family === "IPv4" && !address.internal)
        .map((address) => address.address),
    hasInterface: (name) => existsSync(`/sys/class/net/${name}`),
    routes: () => (existsSync("/proc/net/route") ? readFileSync("/proc/net/route", "utf8") : ""),
    run: ([program, ...args], { stdin = "", signal } = {}) =>
      new Promise((resolve, reject) => {
        const child = execFile(program, args, { ...(signal && { signal }) }, (error, stdout, stderr) => {
          if (signal?.aborted === true) return reject(signal.reason as Error);
          const code = (error as NodeJS.ErrnoException | null)?.code;
          if (code === "ENOENT") return resolve({ code: 127, stdout, stderr: `${program} is not installed` });
          resolve({ code: typeof code === "number" ? code : error === null ? 0 : 1, stdout, stderr });
        });
        // A program that ends without reading its input is not an error of ours.
        child.stdin?.on("error", () => undefined);
        child.stdin?.end(stdin);
      }),
    start([program, ...args], { env, signal }) {
      const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
      const abort = (): void => {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
      };
      if (signal?.aborted === true) abort();
      else signal?.addEventListener("abort", abort, { once: true });
      const exit = new Promise<number>((resolve, reject) => {
        child.once("error", reject);
        child.once("close", (code) => {
          signal?.removeEventListener("abort", abort);
          resolve(code ?? 1);
        });
      });
      exit.catch(() => undefined);
      return { stdout: child.stdout, stderr: child.stderr, exit };
    },
  };
}
