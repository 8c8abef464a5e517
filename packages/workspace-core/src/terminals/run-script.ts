import { WsError } from "../errors.ts";
import type { Argv, Box, Bytes, ByteSource, Clock } from "../ports.ts";
import { inTime } from "../time-limit.ts";

/** The longest, an opening behind another one, waits for half of this at most. */
const TIME_LIMIT_MS = 60_000;
/** Thousands of terminals fit. */
const LONGEST_OUTPUT = 1024 * 1024;

/**
 * Runs a script in the workspace to its end; its output as text. What it reads there may have been made to hold it up or
 * never to end, so time and output have limits. Throws `internal` where it fails, `timeout` where it does not end.
 */
export async function runScript(
  box: Box,
  script: string,
  args: readonly (string | number)[],
  options: {
    clock: Pick<Clock, "sleep">;
    stdin?: Bytes;
    env?: Readonly<Record<string, string>>;
    signal?: AbortSignal | undefined;
  },
): Promise<string> {
  const { clock, stdin, env, signal } = options;
  const leaving = new AbortController();
  try {
    return await inTime(clock, { ms: TIME_LIMIT_MS, signal, late }, async (ending) => {
      const process = await box.run(scriptArgv(script, args), {
        signal: AbortSignal.any([leaving.signal, ending]),
        ...(stdin === undefined ? {} : { stdin }),
        ...(env === undefined ? {} : { env }),
      });
      const [out, err, exit] = await Promise.all([text(process.stdout), text(process.stderr), process.exit]);
      if (exit.code === 0) return out;
      throw failed(oneLine(err.trimEnd().slice(-500)) || `exit code ${exit.code}`);
    });
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

async function text(source: ByteSource): Promise<string> {
  const decoder = new TextDecoder();
  let whole = "";
  let length = 0;
  for await (const chunk of source) {
    length += chunk.length;
    if (length > LONGEST_OUTPUT) throw failed(`it said more than ${LONGEST_OUTPUT} bytes`);
    whole += decoder.decode(chunk, { stream: true });
  }
  return whole + decoder.decode();
}

function late(): WsError<"timeout"> {
  return new WsError("timeout", {
    message: `The terminal's holder did not answer within ${TIME_LIMIT_MS / 1000} s.`,
    next: "See what the workspace is busy with, or restart it.",
    data: { afterMs: TIME_LIMIT_MS },
  });
}

function failed(why: string): WsError<"internal"> {
  return new WsError("internal", { message: `The terminal's holder failed: ${why}`, data: {} });
}
