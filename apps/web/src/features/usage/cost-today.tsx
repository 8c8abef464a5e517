import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { useServices } from "../../services.ts";
import { dayOf, ownZone } from "./range.ts";
import { costText } from "./sums.ts";
import { useToday } from "./use-today.ts";

const AGAIN_MS = 60_000;

/** What coding tools cost since midnight, as a way to their usage. Nothing where that is not known, or not this person's to know. */
export function CostToday() {
  const { queries } = useServices();
  const midnight = new Date(useToday()).setHours(0, 0, 0, 0);
  const input = { by: "day" as const, from: new Date(midnight).toISOString(), zone: ownZone() };
  const { data, isPending } = useQuery(
    queries.usage.summary.queryOptions({ input, refetchInterval: AGAIN_MS, staleTime: AGAIN_MS, retry: false }),
  );
  // Its room is kept, so that nothing below moves when it comes.
  if (isPending) {
    return (
      <span aria-hidden className="invisible inline-flex min-h-6 items-baseline">
        $0.00 today
      </span>
    );
  }
  if (data === undefined) return null;
  const today = data.rows.find(({ key }) => key === dayOf(midnight));
  return (
    <Link to="/usage" className="inline-flex min-h-6 items-baseline gap-1.5 rounded-sm hover:text-ink hover:underline">
      <span className="font-semibold text-ink tabular-nums">{today === undefined ? "$0.00" : costText(today)}</span>
      today
    </Link>
  );
}
