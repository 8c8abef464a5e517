import { isWsError } from "../errors.ts";

/** ripgrep knows what git ignores; where there is none, what every machine has does the same without that. */
export async function ripgrepOr<T>(ripgrep: () => Promise<T>, plain: () => Promise<T>): Promise<T> {
  try {
    return await ripgrep();
  } catch (error) {
    if (!isWsError(error, "command_not_found")) throw error;
    return plain();
  }
}
