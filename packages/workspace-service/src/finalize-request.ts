import { toWsError, WsError, type FinalizeRequest } from "@ws/workspace-core";
import type { FinalizeOptions } from "./requests.ts";

/** What the core is asked for. */
export function finalizeRequest({ createPr = false, pr = {}, ...request }: FinalizeOptions): FinalizeRequest {
  return createPr ? { ...request, pullRequest: pr } : request;
}

/** A failure that says what was being done: whatever git or the forge meets, one reads that it was the push, or the pull request. */
export function inWords(thrown: unknown, step: string | undefined): WsError {
  const error = toWsError(thrown);
  const what = step === "push" ? "push" : step === "pull_request" ? "pull request" : undefined;
  if (what === undefined || error.message.includes(what)) return error;
  const begun = what === "push" ? "The push failed" : "The pull request was not opened";
  return new WsError(error.code, {
    message: `${begun}: ${error.message}`,
    ...(error.next === undefined ? {} : { next: error.next }),
    data: error.data,
    cause: error,
  });
}
