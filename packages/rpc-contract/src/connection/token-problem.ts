import type { Problem, StopReason } from "./state.ts";

const MESSAGES: Readonly<Record<StopReason, string>> = {
  missing: "A token is needed.",
  unknown: "This worker does not know the token.",
  revoked: "The token was revoked.",
  expired: "The token has expired.",
};

/** What a socket that was closed for its token is told, by the reason it was closed with; undefined where that is none. */
export function tokenProblem(reason: string): Problem | undefined {
  if (!Object.hasOwn(MESSAGES, reason)) return undefined;
  return {
    code: "unauthorized",
    message: MESSAGES[reason as StopReason],
    next: "On the worker run 'ws pair' to let a device in, 'ws open' for a dashboard link, or 'ws token create NAME' for a script.",
  };
}
