import type { Context } from "../context.ts";
import { printError, toCliError } from "../errors.ts";

/** Does the work for every name, whatever becomes of the others; the exit code is the first failure's. */
export async function forEachName<T>(
  context: Context,
  names: readonly string[],
  work: (name: string) => Promise<T>,
): Promise<T[]> {
  if (names.length === 1 && names[0] !== undefined) return [await work(names[0])];
  const results: T[] = [];
  for (const name of new Set(names)) {
    try {
      results.push(await work(name));
    } catch (error) {
      const failure = toCliError(error);
      printError(context.io, failure, context.json, context.on);
      context.exitCode ||= failure.exit;
    }
  }
  return results;
}
