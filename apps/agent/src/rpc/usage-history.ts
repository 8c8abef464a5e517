import type { UsageHistoryResult } from "@ws/rpc-contract";
import type { WorkspaceRecord } from "@ws/workspace-core";
import type { UsageHistory } from "../usage-history/keep-usage-history.ts";

/** What a workspace used, as every surface shows it. */
export function toHistory(
  { id, limits: { memoryBytes: memoryLimitBytes } }: WorkspaceRecord,
  history: UsageHistory,
  span: "hour" | "day",
): UsageHistoryResult {
  const { points, everyMs, gapMs } = history.of(id, span);
  return {
    points: points.map(({ at, ...point }) => ({ at: new Date(at).toISOString(), ...point })),
    everySeconds: everyMs / 1_000,
    gapSeconds: gapMs / 1_000,
    ...(memoryLimitBytes === undefined ? {} : { memoryLimitBytes }),
  };
}
