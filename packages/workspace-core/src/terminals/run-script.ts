import { WsError } from "../errors.ts";
import type { Argv, Box, Bytes, ByteSource } from "../ports.ts";

/** Runs a script in the workspace to its end; its output as text. Throws `internal` where it fails. */
export async function runScript(
  box: Box,
  script: string,
  args: readonly (string | number)[],
  options: { stdin?: Bytes; env?: Readonly<Record<string, string>>; signal?: AbortSignal | undefined } = {},
): Promise<string> {
  const { stdin, env, signal } = options;
  const process = await box.run(scriptArgv(script, args), {
    ...(stdin === undefined ? {} : { stdin }),
    ...(env === undefined ? {} : { env }),
    ...(signal === undefined ? {} : { signal }),
  });
  const [out, err, exit] = await Promise.all([text(process.stdout), text(process.stderr), process.exit]);
  if (exit.code === 0) return out;
  throw new WsError("internal", { message: `The terminal's holder failed: ${err.trim() || exit.code}`, data: {} });
}

export function scriptArgv(script: string, args: readonly (string | number)[]): Argv {
  return ["sh", "-c", script, "ws-terminal", ...args.map(String)];
}

async function text(source: ByteSource): Promise<string> {
  const decoder = new TextDecoder();
  let whole = "";
  for await (const chunk of source) whole += decoder.decode(chunk, { stream: true });
  return whole + decoder.decode();
}
