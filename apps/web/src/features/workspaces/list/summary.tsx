import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Counts } from "./counts.ts";

/** What runs, what waits for somebody, what changed and what it costs: numbers that lead to what they count. */
export function Summary({ counts, cost }: { counts: Counts; cost?: ReactNode }) {
  const { byStatus, needs, changed, news } = counts;
  return (
    <p className="flex flex-wrap items-baseline gap-x-5 gap-y-1 text-sm text-muted">
      <Number to="/?status=running" count={byStatus.running} word={byStatus.running === 1 ? "runs" : "run"} />
      {needs === 0 ? <span>nothing needs you</span> : <Number to="/?needs=me" count={needs} word="need you" warn />}
      {news === 0 ? (
        <Number to="/?changed=day" count={changed} word="changed in a day" />
      ) : (
        <Number to="/?changed=visit" count={news} word="changed since you were here" />
      )}
      {byStatus.error > 0 && <Number to="/?status=error" count={byStatus.error} word="failed" />}
      {cost}
    </p>
  );
}

function Number({ to, count, word, warn = false }: { to: string; count: number; word: string; warn?: boolean }) {
  return (
    <Link to={to} className="inline-flex min-h-6 items-baseline gap-1.5 rounded-sm hover:text-ink hover:underline">
      <span className={warn ? "font-semibold text-warn tabular-nums" : "font-semibold text-ink tabular-nums"}>
        {count}
      </span>
      {count === 1 && word === "need you" ? "needs you" : word}
    </Link>
  );
}
