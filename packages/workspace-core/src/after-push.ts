import { toWsError, WsError } from "./errors.ts";

/**
 * A failure that came after a push that succeeded, telling of it too: nobody is to think that nothing left the workspace. Not in the message, by whose
 * words programs tell whether it was the push that failed.
 */
export function afterPush(
  failure: unknown,
  { branch, commit, url }: { branch: string; commit: string; url: string },
): WsError {
  const error = toWsError(failure);
  const pushed = `'${branch}' was pushed to '${url}' before, at ${commit.slice(0, 12)}.`;
  return new WsError(error.code, {
    message: error.message,
    next: error.next === undefined ? pushed : `${error.next} ${pushed}`,
    data: error.data,
    cause: error,
  });
}
