import { concatBytes, type Bytes } from "../bytes.ts";
import { WsError } from "../errors.ts";
import type { RunRequest } from "./runs.ts";

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * What a run's program is given, as its holder reads it: each part is its length, a colon and itself. It goes in on a channel, because
 * arguments can be seen by everybody. Throws `invalid_input` for what no program can be given.
 */
export function runPayload({ argv, cwd, env = {}, stdin = new Uint8Array() }: RunRequest & { cwd: string }): Bytes {
  const unfit = Object.entries(env).find(([name, value]) => !VARIABLE.test(name) || value.includes("\0"));
  if (unfit !== undefined) throw notGivable("env", `the variable '${unfit[0].slice(0, 80)}'`);
  if ([cwd, ...argv].some((part) => part.includes("\0"))) throw notGivable("argv", "an argument with a NUL byte");
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const parts = [cwd, stdin, String(argv.length), ...argv, ...variables, "end"];
  return concatBytes(
    parts.flatMap((part) => {
      const bytes = typeof part === "string" ? encoder.encode(part) : part;
      return [encoder.encode(`${bytes.length}:`), bytes];
    }),
  );
}

const encoder = new TextEncoder();

function notGivable(field: string, what: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `No program can be given ${what}.`,
    next: "Put it into a file, or pass it on stdin.",
    data: { field },
  });
}
