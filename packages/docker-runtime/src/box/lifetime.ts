import type { WsError, WorkspaceId } from "@ws/workspace-core";
import { boxClosed } from "./box-errors.ts";

/** How long a Box is there, and why it is not any more. */
export interface Lifetime {
  /** Aborts with why it ended. */
  readonly signal: AbortSignal;
  /** Why it ended. */
  readonly closed: Promise<WsError>;
  /** Undefined as long as it has not. */
  reason(): WsError | undefined;
  /** What work fails with that outlives it. */
  closedError(): WsError;
  /** Only the first says why. */
  end(why: WsError): void;
}

export function createLifetime(id: WorkspaceId): Lifetime {
  const ending = new AbortController();
  const { promise: closed, resolve } = Promise.withResolvers<WsError>();
  let reason: WsError | undefined;
  return {
    signal: ending.signal,
    closed,
    reason: () => reason,
    closedError: () => reason ?? boxClosed(id),
    end(why) {
      if (reason !== undefined) return;
      reason = why;
      ending.abort(why);
      resolve(why);
    },
  };
}
