import type { ReactNode } from "react";
import { cn } from "./cn.ts";

interface StatProps {
  label: ReactNode;
  value: ReactNode;
  /** Small, below: since when, of how much. */
  note?: ReactNode;
  className?: string;
}

/** One number that a page is opened for. Several stand in a `dl` beside one another. */
export function Stat({ label, value, note, className }: StatProps) {
  return (
    <div className={cn("min-w-0", className)}>
      <dt className="text-[0.8125rem] text-muted">{label}</dt>
      <dd className="text-xl leading-tight font-semibold text-ink tabular-nums">
        {value}
        {note !== undefined && <span className="block text-[0.8125rem] font-normal text-muted">{note}</span>}
      </dd>
    </div>
  );
}
