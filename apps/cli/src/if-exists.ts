import { toCliError } from "./errors.ts";

/** The answer, or undefined where the agent says that there is no such workspace. Other failures stay failures. */
export async function ifExists<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (toCliError(error).code === "workspace_not_found") return undefined;
    throw error;
  }
}

/** Whether the agent says that there is no such workspace. No answer at all does not say so. */
export async function isGone(answer: Promise<unknown>): Promise<boolean> {
  return ifExists(answer).then(
    (found) => found === undefined,
    () => false,
  );
}
