import type { Duplex } from "node:stream";

import type Docker from "dockerode";

import { OBJECTS_TARGET } from "../objects-mount.ts";

/** What a Box needs of the engine: one running container and the right to start programs in it. */
export interface BoxContainer {
  configuration(signal: AbortSignal): Promise<{
    /** As `A=b`. */
    environment: readonly string[];
    /** Where the objects of its repository lie, if it is shown any. */
    objects?: string;
  }>;
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
    async configuration(signal) {
      const { Config: config, Mounts: mounts } = await container.inspect({ abortSignal: signal });
      const shown = mounts.some(({ Destination: target }) => target === OBJECTS_TARGET);
      // An image that says nothing of itself has null here, whatever the types say.
      return { environment: config.Env ?? [], ...(shown && { objects: OBJECTS_TARGET }) };
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
