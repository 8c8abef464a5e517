import type { UsagePoint } from "@ws/rpc-contract";
import { useMemo, useState } from "react";
import { Chart } from "./chart.tsx";
import { ceilingOf, lineOf, summaryOf, type MEASURES, type Span, SPAN_SECONDS } from "./history.ts";
import type { Look } from "./looks.ts";

interface MeasureCardProps {
  look: Look;
  measure: (typeof MEASURES)[keyof typeof MEASURES];
  points: readonly UsagePoint[];
  span: Span;
  gapSeconds: number;
  limit: number | undefined;
  /** The instant up to which is drawn, seconds since the epoch. */
  to: number;
  running: boolean;
  sync: string;
}

const hour = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const CLOCKS = {
  hour,
  day: new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
};

/** One measure: what it is now, or where the pointer is, its line, and what it came to. */
export function MeasureCard({ look, measure, points, span, gapSeconds, limit, to, running, sync }: MeasureCardProps) {
  const [index, setIndex] = useState<number | null>(null);
  const line = useMemo(() => lineOf(points, measure, { gapSeconds }), [points, measure, gapSeconds]);
  const summary = summaryOf(line);
  const { title, show, tick, steps, least } = look;
  const from = to - SPAN_SECONDS[span];
  const at = index === null ? undefined : line.at[index];
  const there = index === null ? undefined : line.mean[index];
  const peak = index === null ? undefined : line.peak?.[index];
  const over = span === "hour" ? "the last hour" : "the last day";
  const sentence =
    summary === undefined
      ? "Not measured yet."
      : look.rises
        ? `${show(summary.last)} now, at most ${show(summary.peak)}`
        : `${show(summary.mean)} on average, at most ${show(summary.peak)}`;
  return (
    <section aria-label={title} className="min-w-0 rounded-xl border border-line bg-surface p-3.5 pb-1.5">
      <div className="flex items-baseline gap-3">
        <h3 className="text-[0.8125rem] font-medium text-muted">{title}</h3>
        <p className="ml-auto truncate text-right font-semibold tabular-nums">
          {at === undefined ? (
            <Now value={running ? summary?.last : undefined} show={show} limit={limit} />
          ) : (
            <>
              <span className="mr-2 text-[0.8125rem] font-normal text-muted">{CLOCKS[span].format(at * 1_000)}</span>
              {there === null || there === undefined ? "not measured" : show(there)}
              {peak !== null && peak !== undefined && there !== peak && (
                <span className="ml-1.5 text-[0.8125rem] font-normal text-muted">peak {show(peak)}</span>
              )}
            </>
          )}
        </p>
      </div>
      <p className="mb-1.5 truncate text-[0.8125rem] text-muted tabular-nums">{sentence}</p>
      <Chart
        line={line}
        from={from}
        to={to}
        ceiling={ceilingOf({
          ...(summary === undefined ? {} : { peak: summary.peak }),
          ...(limit === undefined ? {} : { limit }),
          least,
        })}
        limit={limit}
        tick={tick}
        steps={steps}
        label={`${title} over ${over}: ${sentence}${limit === undefined ? "" : `, limit ${show(limit)}`}`}
        hovered={setIndex}
        sync={sync}
      />
    </section>
  );
}

interface NowProps {
  value: number | undefined;
  show: (value: number) => string;
  limit: number | undefined;
}

function Now({ value, show, limit }: NowProps) {
  return (
    <>
      {value === undefined ? <span className="font-normal text-muted">not running</span> : show(value)}
      {limit !== undefined && <span className="text-[0.8125rem] font-normal text-muted"> of {show(limit)}</span>}
    </>
  );
}
