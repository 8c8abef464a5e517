import type { WsError } from "@ws/workspace-core";

/** A failure as the client of a socket sees it. */
export interface Failure {
  /** The stable domain code. */
  code: string;
  message: string;
  next?: string;
}

/** Makes a failure fit to be seen, and writes an unexpected one to the log, once. */
export type ReportFailure = (error: WsError) => Failure;
