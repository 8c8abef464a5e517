import type { Argv, Box, ByteSource } from "@ws/workspace-core";

export const KEPT_STDERR = 65_536;

export interface Outcome {
  code: number;
  stdout: string;
  /** The last 64 KiB. */
  stderr: string;
}

export interface RunGitOptions {
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  group?: string;
  signal?: AbortSignal;
  stdin?: string;
  /** Each line of the error output, progress included, as it comes. */
  onLine?: (line: string) => void;
}

/** Runs a program in the workspace and gathers what it says; an exit code is a result, not an error. */
export async function runToEnd(box: Box, argv: Argv, options: RunGitOptions = {}): Promise<Outcome> {
  const { onLine, stdin, ...run } = options;
  const input = stdin === undefined ? {} : { stdin: new TextEncoder().encode(stdin) };
  const process = await box.run(argv, { ...run, ...input });
  const [stdout, stderr, exit] = await Promise.all([
    gather(process.stdout, 1_048_576),
    gather(process.stderr, KEPT_STDERR, onLine),
    process.exit,
  ]);
  return { code: exit.code, stdout, stderr };
}

/** The end of what comes, in so many characters. */
export async function gather(source: ByteSource, keep: number, onLine?: (line: string) => void): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let line = "";
  for await (const bytes of source) {
    const part = decoder.decode(bytes, { stream: true });
    text = (text + part).slice(-keep);
    if (onLine === undefined) continue;
    // Progress overwrites its own line with a carriage return.
    const lines = (line + part).split(/[\r\n]/);
    line = lines.pop()?.slice(-4_096) ?? "";
    for (const each of lines) if (each !== "") onLine(each);
  }
  if (line !== "") onLine?.(line);
  return text;
}
