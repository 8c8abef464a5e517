import type { Duplex } from "node:stream";

import type Docker from "dockerode";

/** What a Box needs of the engine: one running container and the right to start programs in it. */
export interface BoxContainer {
  /** The environment of the container's configuration, as `A=b`. */
  environment(signal: AbortSignal): Promise<readonly string[]>;
  /** Starts a program as the container's own user. Its arguments are published by the engine's events. */
  exec(argv: readonly string[], options: { tty?: boolean; signal: AbortSignal }): Promise<ContainerExec>;
}

export interface ContainerExec {
  /** To stdin as it is; from the program in the engine's frames, or as it is where a terminal was asked for. */
  readonly stream: Duplex;
  /** Undefined while it runs. */
  exitCode(): Promise<number | undefined>;
  resize(size: { cols: number; rows: number }): Promise<void>;
}

/** The container behind a dockerode handle. Pass one of the unguarded client: these streams live long. */
export function boxContainer(container: Docker.Container): BoxContainer {
  return {
    async environment(signal) {
      const info = await container.inspect({ abortSignal: signal });
      return info.Config.Env;
    },
    async exec(argv, { tty = false, signal }) {
      const exec = await container.exec({
        Cmd: [...argv],
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        Tty: tty,
        abortSignal: signal,
      });
      const stream = await exec.start({ hijack: true, stdin: true, Tty: tty, abortSignal: signal });
      return {
        stream,
        async exitCode() {
          const { Running: running, ExitCode: code } = await exec.inspect();
          return running ? undefined : (code ?? undefined);
        },
        async resize({ cols, rows }) {
          await exec.resize({ w: cols, h: rows });
        },
      };
    },
  };
}
