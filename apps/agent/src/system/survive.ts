import type { Log } from "@ws/workspace-core";

/**
 * A promise that nobody waited for must not end the agent, with everybody's terminals attached to it. An exception that
 * nobody caught still does: after one the process is in no known state, and the next start reconciles.
 */
export function surviveRejections(log: Log): Disposable {
  const note = (error: unknown): void => log.error("a failure that nobody waited for", { error });
  process.on("unhandledRejection", note);
  return {
    [Symbol.dispose]() {
      process.off("unhandledRejection", note);
    },
  };
}
