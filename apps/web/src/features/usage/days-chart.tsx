import type { UsageRow } from "@ws/rpc-contract";
import { useState } from "react";
import { dollars, shortCount } from "../../components/money.ts";
import { cn } from "../../components/ui/cn.ts";
import { dayLabel, type Measure } from "./range.ts";
import { allTokens, costText, measureOf } from "./sums.ts";

interface DaysChartProps {
  /** All that are drawn, oldest first. */
  days: readonly string[];
  /** Of days on which something was used. */
  rows: readonly UsageRow[];
  measure: Measure;
}

/** A bar for each day. The same figures are in the table, by day, for who cannot see it. */
export function DaysChart({ days, rows, measure }: DaysChartProps) {
  const [pointed, setPointed] = useState<string>();
  const byDay = new Map(rows.map((row) => [row.key, row]));
  const top = Math.max(...rows.map((row) => measureOf(row, measure)), 0);
  const most = rows.find((row) => top > 0 && measureOf(row, measure) === top);
  const shown = pointed ?? most?.key;
  const text = (value: number): string => (measure === "cost" ? dollars(value) : shortCount(value));
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return null;
  return (
    <div className="px-4 pt-3.5 pb-3">
      <p className="flex min-h-5 flex-wrap justify-between gap-x-4 text-[0.8125rem] text-muted tabular-nums">
        <span>{shown === undefined ? "Nothing on these days." : sentenceOf(shown, byDay.get(shown))}</span>
        {most !== undefined && shown === most.key && <span>the most on a day</span>}
      </p>
      <div
        role="img"
        aria-label={`${measure === "cost" ? "Cost" : "Tokens"} by day from ${dayLabel(first)} to ${dayLabel(last)}${most === undefined ? ", nothing" : `, at most ${text(top)} on ${dayLabel(most.key)}`}.`}
        className="mt-2 flex h-36 items-stretch border-b border-line"
        onPointerLeave={() => setPointed(undefined)}
      >
        {days.map((day) => {
          const row = byDay.get(day);
          const share = row === undefined || top === 0 ? 0 : measureOf(row, measure) / top;
          return (
            <div
              key={day}
              className="flex h-full min-w-0 flex-1 items-end px-px sm:px-0.5"
              onPointerEnter={() => setPointed(day)}
              onPointerDown={() => setPointed(day)}
            >
              <div
                className={cn(
                  "w-full rounded-t-xs",
                  day === shown ? "bg-accent" : "bg-accent/55",
                  share > 0 && "min-h-0.5",
                )}
                style={{ height: `${(share * 100).toFixed(2)}%` }}
              />
            </div>
          );
        })}
      </div>
      <p aria-hidden className="mt-1.5 flex justify-between text-[0.8125rem] text-muted">
        <span>{dayLabel(first)}</span>
        <span>{dayLabel(last)}</span>
      </p>
    </div>
  );
}

function sentenceOf(day: string, row: UsageRow | undefined): string {
  if (row === undefined || row.answers === 0) return `${dayLabel(day)}: nothing`;
  const { answers } = row;
  return `${dayLabel(day)}: ${costText(row)}, ${shortCount(allTokens(row))} tokens, ${answers.toLocaleString("en")} ${answers === 1 ? "answer" : "answers"}`;
}
