import { isWsError, type WsError } from "@ws/workspace-core";

/** What work threw, where that is one of our errors. */
export function thrown(work: () => unknown): WsError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return isWsError(error) ? error : undefined;
  }
}
