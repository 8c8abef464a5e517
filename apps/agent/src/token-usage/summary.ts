import type { UsageBy, UsageEntry, UsageRow, UsageSummary } from "@ws/rpc-contract";
import { MODEL_PRICES } from "@ws/workspace-core";
import type { UsageSpan, UsageStore, UsageSum as StoredSum } from "../store/usage.ts";
import { SLOT_MS } from "../store/usage-sql.ts";
import { addUp, type Prices } from "./add-up.ts";
import { createDays, type Days } from "./days.ts";
import { sumUp } from "./sum-up.ts";

export interface SummaryOptions {
  usage: Pick<UsageStore, "sums" | "slices" | "since">;
  prices: Prices;
  /** What a workspace is called now; undefined of one that is gone. */
  nameOf: (workspace: string) => string | undefined;
  span: UsageSpan;
  zone: string;
}

/** More days than that are not counted one by one. */
const MOST_DAYS = 400;
const MOST_ENTRIES = 20_000;
/** More than that nobody looks through: what costs least is put together. */
const MOST_ROWS = 400;
const MOST_UNKNOWN = 100;

export async function summarize(
  by: UsageBy,
  { usage, prices, nameOf, span, zone }: SummaryOptions,
): Promise<UsageSummary> {
  const days = createDays(zone);
  const sums =
    by === "day"
      ? await sumUp(usage, "slot", span, ({ key }) => days.of(Number(key) * SLOT_MS))
      : await sumUp(usage, by, span);
  const { unknownModels, ...total } = addUp(sums, prices);
  const groups = Map.groupBy(sums, ({ key }) => key);
  const since = usage.since(span.workspace);
  if (by === "day" && since !== undefined)
    addEmptyDays(groups, days, { from: Math.max(since, span.from), to: span.to });
  const rows = [...groups].map(([key, group]): UsageRow => {
    const { unknownModels: _unknown, ...sum } = addUp(group, prices);
    return { key, label: labelOf(by, key, group, nameOf), ...sum };
  });
  if (by === "day") rows.sort((a, b) => (a.key < b.key ? -1 : 1));
  else rows.sort((a, b) => b.cost - a.cost || allOf(b) - allOf(a) || (a.key < b.key ? -1 : 1));
  const left = by === "day" ? [] : rows.splice(MOST_ROWS);
  const { unknownModels: _theirs, ...others } = addUp(
    left.flatMap(({ key }) => groups.get(key) ?? []),
    prices,
  );
  return {
    by,
    from: new Date(span.from).toISOString(),
    to: new Date(span.to).toISOString(),
    zone,
    ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
    total,
    rows,
    ...(left.length === 0 ? {} : { others: { count: left.length, ...others } }),
    unknownModels: unknownModels.filter((model) => model !== "").slice(0, MOST_UNKNOWN),
    pricesAsOf: MODEL_PRICES.asOf,
  };
}

/** A line for each day, workspace, execution, agent and model; the latest first. */
export async function listEntries({ usage, prices, nameOf, span, zone }: SummaryOptions): Promise<UsageEntry[]> {
  const days = createDays(zone);
  const dayOf = ({ key }: StoredSum): string => days.of(Number.parseInt(key, 10) * SLOT_MS);
  const keyOf = (sum: StoredSum): string =>
    JSON.stringify([dayOf(sum), sum.workspace, sum.execution, sum.agent, sum.model]);
  const groups = Map.groupBy(await sumUp(usage, "all", span, keyOf), ({ key }) => key);
  const entries = [...groups.values()].flatMap((group): UsageEntry[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { key, workspace, name, execution, agent, model } = first;
    const [day] = JSON.parse(key) as [string];
    const { unknownModels: _unknown, ...sum } = addUp(group, prices);
    return [
      {
        day,
        workspaceId: workspace,
        workspace: nameOf(workspace) ?? name,
        ...(execution === "" ? {} : { execution }),
        agent,
        model,
        ...sum,
      },
    ];
  });
  return entries.sort((a, b) => (a.day === b.day ? b.cost - a.cost : a.day < b.day ? 1 : -1)).slice(0, MOST_ENTRIES);
}

function addEmptyDays(
  groups: Map<string, StoredSum[]>,
  days: Days,
  { from, to }: Pick<UsageSpan, "from" | "to">,
): void {
  let at = days.startOf(from);
  for (let count = 0; at < to && count < MOST_DAYS; count += 1) {
    const day = days.of(at);
    if (!groups.has(day)) groups.set(day, []);
    at = days.after(at);
  }
}

function labelOf(by: UsageBy, key: string, group: readonly StoredSum[], nameOf: SummaryOptions["nameOf"]): string {
  if (by === "workspace") return nameOf(key) ?? group[0]?.name ?? key;
  if (key !== "") return key;
  return by === "execution" ? "none" : "unknown";
}

function allOf({ tokens: { input, output, cacheRead, cacheWrite } }: UsageRow): number {
  return input + output + cacheRead + cacheWrite;
}
