import { resolve } from "node:path";
import type { Context } from "./context.ts";
import { CliError, EXIT, toldError } from "./errors.ts";

/** What follows works on the files of this machine's own worker, so that it is there also where no agent is. Throws `usage` where another is named. */
export function onlyHere({ on }: Context, what: string): void {
  if (on === undefined) return;
  throw new CliError("usage", what, { next: `Run it there, without --on ${on}.`, exit: EXIT.usage });
}

/** What the agent's own code refuses, as every refusal is told. */
export async function told<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toldError(error);
  }
}

/** Where a file is that was named on the command line. */
export function at({ io }: Context, file: string): string {
  return resolve(io.cwd, file);
}
