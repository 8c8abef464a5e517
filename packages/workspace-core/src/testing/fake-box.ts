import { WsError } from "../errors.ts";
import type { Argv, Box, BoxProcess, Bytes, ByteSource, RunOptions } from "../ports.ts";
import type { FakeHome } from "./fake-runtime.ts";
import { createFakeFiles } from "./fake-files.ts";

/** A program of a fake Box: gets its arguments and input, returns its output. Aborting its signal ends it. */
export type FakeProgram = (call: {
  argv: Argv;
  options: RunOptions;
  input: Bytes;
  signal: AbortSignal;
}) => Promise<Outcome> | Outcome;

interface Outcome {
  stdout?: string;
  stderr?: string;
  code?: number;
}

/** A Box without processes: programs are functions, files are entries of a map. What it cannot do it lists as missing. */
export function createFakeBox(home: FakeHome, ended: AbortSignal, programs: Record<string, FakeProgram> = {}): Box {
  const closing = new AbortController();
  const gone = AbortSignal.any([ended, closing.signal]);
  const closedError = (): WsError =>
    new WsError("box_closed", { message: `The channel into ${home.id} is closed.`, data: { workspace: home.id } });
  const closed = new Promise<WsError>((resolve) => {
    if (gone.aborted) resolve(closedError());
    gone.addEventListener("abort", () => resolve(closedError()), { once: true });
  });
  const missing = (feature: string): never => {
    throw new WsError("box_feature_missing", {
      message: `A fake Box has no '${feature}'.`,
      data: { feature, missing: ["connect", "listen", "pty"] },
    });
  };

  return {
    id: home.id,
    user: "workspace",
    home: "/home/workspace",
    missing: ["connect", "listen", "pty"],
    closed,
    files: createFakeFiles(home),
    repositoryDirectory: (name) => `/home/workspace/${name}`,
    async run(argv, options = {}) {
      if (gone.aborted) throw closedError();
      const program = programs[argv[0]] ?? (home.files.has(argv[0]) ? programs["script"] : undefined);
      if (program === undefined) {
        throw new WsError("command_not_found", {
          message: `There is no command '${argv[0]}'.`,
          data: { command: argv[0] },
        });
      }
      return start(program, argv, options, gone, closedError);
    },
    openPty: async () => missing("pty"),
    connect: async () => missing("connect"),
    listen: async () => missing("listen"),
    async endGroup() {
      if (gone.aborted) throw closedError();
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
    },
  };
}

function start(
  program: FakeProgram,
  argv: Argv,
  options: RunOptions,
  gone: AbortSignal,
  closedError: () => WsError,
): BoxProcess {
  const signal = options.signal === undefined ? gone : AbortSignal.any([gone, options.signal]);
  const aborted = new Promise<never>((_resolve, reject) => {
    const fail = (): void => {
      reject(gone.aborted ? closedError() : new WsError("aborted", { message: `${argv[0]} was ended.`, data: {} }));
    };
    if (signal.aborted) fail();
    signal.addEventListener("abort", fail, { once: true });
  });
  const result = Promise.race([
    collect(options.stdin).then((input) => program({ argv, options, input, signal })),
    aborted,
  ]);
  const exit = result.then(({ code }) => ({ code: code ?? 0 }));
  exit.catch(() => undefined);
  return {
    stdout: text(result, "stdout"),
    stderr: text(result, "stderr"),
    exit,
  };
}

async function* text(result: Promise<Outcome>, output: "stdout" | "stderr"): ByteSource {
  const value = (await result)[output];
  if (value !== undefined && value !== "") yield new TextEncoder().encode(value);
}

async function collect(source: RunOptions["stdin"]): Promise<Bytes> {
  if (source === undefined) return new Uint8Array();
  if (source instanceof Uint8Array) return source;
  const parts: number[] = [];
  for await (const part of source) parts.push(...part);
  return Uint8Array.from(parts);
}
