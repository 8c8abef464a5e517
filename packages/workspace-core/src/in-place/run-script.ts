import { orAborted } from "../aborted.ts";
import { WsError } from "../errors.ts";
import type { Argv, Box, Bytes, ByteSource, Clock, RunOptions } from "../ports.ts";
import { inTime } from "../time-limit.ts";

/** The longest, an opening of a terminal behind another one, waits for half of this at most. */
const TIME_LIMIT_MS = 60_000;
/** Thousands of terminals and runs fit. */
const LONGEST_OUTPUT = 1024 * 1024;

export interface ScriptOptions {
  clock: Pick<Clock, "sleep">;
  /** Whose script it is, for what goes wrong with it; "The terminal's holder" where absent. */
  who?: string;
  /** How long it may take; a minute where absent, Infinity for one that ends with what it waits for. */
  ms?: number;
  stdin?: Bytes | ByteSource;
  env?: Readonly<Record<string, string>>;
  signal?: AbortSignal | undefined;
  traffic?: RunOptions["traffic"];
}

/**
 * Runs a script in the workspace to its end; its output as text. What it reads there may have been made to hold it up or
 * never to end, so time and output have limits. Throws `internal` where it fails, `timeout` where it does not end.
 */
export async function runScript(
  box: Box,
  script: string,
  args: readonly (string | number)[],
  options: ScriptOptions,
): Promise<string> {
  return runToEnd(box, scriptArgv(script, args), options);
}

/** The same for a program. */
export async function runToEnd(box: Pick<Box, "run">, argv: Argv, options: ScriptOptions): Promise<string> {
  const { clock, who = "The terminal's holder", ms = TIME_LIMIT_MS, stdin, env, signal, traffic } = options;
  const leaving = new AbortController();
  const work = async (ending: AbortSignal | undefined): Promise<string> => {
    const process = await box.run(argv, {
      signal: ending === undefined ? leaving.signal : AbortSignal.any([leaving.signal, ending]),
      ...(traffic === undefined ? {} : { traffic }),
      ...(stdin === undefined ? {} : { stdin }),
      ...(env === undefined ? {} : { env }),
    });
    const [out, err, exit] = await Promise.all([text(process.stdout, who), text(process.stderr, who), process.exit]);
    if (exit.code === 0) return out;
    throw failed(who, oneLine(err.trimEnd().slice(-500)) || `exit code ${exit.code}`);
  };
  try {
    if (ms === Infinity) return await orAborted(work(signal), signal);
    return await inTime(clock, { ms, signal, late: () => late(who, ms) }, work);
  } catch (error) {
    // One output may have said too much while the program goes on.
    leaving.abort();
    throw error;
  }
}

export function scriptArgv(script: string, args: readonly (string | number)[]): Argv {
  return ["sh", "-c", script, "ws-terminal", ...args.map(String)];
}

/** What a workspace said, fit for a message. */
export function oneLine(said: string): string {
  return said.replace(/\p{C}+/gu, " ").trim();
}

async function text(source: ByteSource, who: string): Promise<string> {
  const decoder = new TextDecoder();
  let whole = "";
  let length = 0;
  for await (const chunk of source) {
    length += chunk.length;
    if (length > LONGEST_OUTPUT) throw failed(who, `it said more than ${LONGEST_OUTPUT} bytes`);
    whole += decoder.decode(chunk, { stream: true });
  }
  return whole + decoder.decode();
}

function late(who: string, ms: number): WsError<"timeout"> {
  return new WsError("timeout", {
    message: `${who} did not answer within ${ms / 1000} s.`,
    next: "See what the workspace is busy with, or restart it.",
    data: { afterMs: ms },
  });
}

function failed(who: string, why: string): WsError<"internal"> {
  return new WsError("internal", { message: `${who} failed: ${why}`, data: {} });
}
