import { toWsError, WsError } from "./errors.ts";

/** A failure that came after a push that succeeded, telling of it too: nobody is to think that nothing left the workspace. */
export function afterPush(
  failure: unknown,
  { branch, commit, url }: { branch: string; commit: string; url: string },
): WsError {
  const error = toWsError(failure);
  return new WsError(error.code, {
    message: `${error.message} '${branch}' was pushed to '${url}' before, at ${commit.slice(0, 12)}.`,
    ...(error.next === undefined ? {} : { next: error.next }),
    data: error.data,
    cause: error,
  });
}
