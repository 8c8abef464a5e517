import type { UsageEvent } from "@ws/rpc-contract";
import type { WorkspaceUsage } from "@ws/workspace-core";

/** What was made of a reading, which all who are told it share. */
export type ToldUsages = WeakMap<readonly WorkspaceUsage[], UsageEvent>;

export async function* watchUsage(
  readings: AsyncIterable<readonly WorkspaceUsage[]>,
  told: ToldUsages,
): AsyncGenerator<UsageEvent, void> {
  for await (const reading of readings) {
    const event = told.get(reading) ?? {
      usages: reading.map(({ at, ...usage }) => ({ ...usage, at: new Date(at).toISOString() })),
    };
    told.set(reading, event);
    yield event;
  }
}
