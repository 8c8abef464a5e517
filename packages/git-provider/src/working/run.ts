import { type Argv, type Box, type BoxProcess, concatBytes, throwIfAborted } from "@ws/workspace-core";
import { gitEnvironment } from "../environment.ts";
import { gather, KEPT_STDERR, type Outcome, runToEnd } from "../run-git.ts";
import { createSplitter } from "./split.ts";

/** A git command as data. */
export interface WorkCommand<T> {
  /** What follows `git`. */
  args: readonly string[];
  /** `read` changes nothing, also not the index, and lets no program of the repository's watch over it. */
  kind: "read" | "write";
  /** Whether it takes paths: they are literal. */
  paths?: true;
  stdin?: string;
  parse: (stdout: string) => T;
}

export interface StreamedCommand extends Omit<WorkCommand<never>, "parse"> {
  separator: "\0" | "\n";
  /** In characters; what is longer is cut. */
  longest: number;
}

export interface Streamed {
  code: number;
  stderr: string;
  /** Whether it was ended because enough was read. */
  stopped: boolean;
}

export interface Runner {
  readonly box: Box;
  readonly root: string;
  readonly signal: AbortSignal | undefined;
  /** Runs it to its end; an exit code is a result, not an error. */
  run(command: Omit<WorkCommand<unknown>, "parse">, options?: { env?: Record<string, string> }): Promise<Outcome>;
  /** Hands out record after record, until there are no more or one is answered with false. */
  stream(command: StreamedCommand, onRecord: (text: string, cut: boolean) => boolean | void): Promise<Streamed>;
  /** At most so many bytes of its output. */
  bytes(command: Omit<WorkCommand<unknown>, "parse">, limit: number): Promise<Streamed & { content: Uint8Array }>;
}

export interface RunnerOptions {
  root: string;
  forwarded: boolean;
  group: string;
  env?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

/** Runs git at the top of one repository of a workspace. */
export function createRunner(box: Box, options: RunnerOptions): Runner {
  const { root, group, signal } = options;
  const common = {
    ...gitEnvironment(options),
    // Where the repository is gone, none above it is taken for it.
    GIT_CEILING_DIRECTORIES: root.slice(0, root.lastIndexOf("/")) || "/",
    // Nobody is there to edit anything.
    GIT_EDITOR: ":",
    GIT_SEQUENCE_EDITOR: ":",
  };

  function argvOf({ args, kind }: Pick<WorkCommand<unknown>, "args" | "kind">): Argv {
    const reading = kind === "read" ? ["--no-optional-locks", "-c", "core.fsmonitor=false"] : [];
    return ["git", "--no-pager", "-c", "safe.bareRepository=explicit", ...reading, ...args];
  }

  function environmentFor({ paths }: Pick<WorkCommand<unknown>, "paths">): Record<string, string> {
    // Not for all of them: hooks would have it too.
    return paths === true ? { ...common, GIT_LITERAL_PATHSPECS: "1" } : common;
  }

  /** Reads until `take` has enough, and then ends the program. */
  async function read(
    command: Omit<WorkCommand<unknown>, "parse">,
    take: (bytes: Uint8Array) => boolean,
  ): Promise<Streamed> {
    const enough = new AbortController();
    const running = {
      cwd: root,
      env: environmentFor(command),
      group,
      traffic: "bulk" as const,
      signal: signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]),
      ...(command.stdin === undefined ? {} : { stdin: new TextEncoder().encode(command.stdin) }),
    };
    const process = await box.run(argvOf(command), running);
    try {
      const [, stderr, { code }] = await Promise.all([
        takeFrom(process, take, enough),
        gather(process.stderr, KEPT_STDERR),
        process.exit,
      ]);
      return { code, stderr, stopped: enough.signal.aborted };
    } catch (error) {
      throwIfAborted(signal);
      if (!enough.signal.aborted) throw error;
      return { code: 0, stderr: "", stopped: true };
    }
  }

  return {
    box,
    root,
    signal,
    run: (command, { env } = {}) =>
      runToEnd(box, argvOf(command), {
        cwd: root,
        env: { ...environmentFor(command), ...env },
        group,
        ...(command.stdin === undefined ? {} : { stdin: command.stdin }),
        ...(signal === undefined ? {} : { signal }),
      }),
    async stream(command, onRecord) {
      let wanted = true;
      const splitter = createSplitter(command.separator, command.longest, (text, cut) => {
        if (wanted && onRecord(text, cut) === false) wanted = false;
      });
      const streamed = await read(command, (bytes) => {
        splitter.write(bytes);
        return wanted;
      });
      if (wanted) splitter.end();
      return streamed;
    },
    async bytes(command, limit) {
      const parts: Uint8Array[] = [];
      let room = limit;
      const streamed = await read(command, (bytes) => {
        parts.push(bytes.subarray(0, room));
        room -= Math.min(room, bytes.length);
        return room > 0;
      });
      return { ...streamed, content: concatBytes(parts) };
    },
  };
}

async function takeFrom(
  { stdout }: BoxProcess,
  take: (bytes: Uint8Array) => boolean,
  enough: AbortController,
): Promise<void> {
  for await (const bytes of stdout) {
    if (take(bytes)) continue;
    enough.abort();
    return;
  }
}
