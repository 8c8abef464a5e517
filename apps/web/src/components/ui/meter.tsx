import { cn } from "./cn.ts";

const tones = { plain: "bg-accent", warn: "bg-warn", bad: "bg-bad" };

interface MeterProps {
  /** What is measured, for a screen reader. */
  label: string;
  /** Of `max`; more than that is shown as all of it. */
  value: number;
  max: number;
  /** What a screen reader says of it: "3.2 of 4 GB". */
  text: string;
  tone?: keyof typeof tones;
  className?: string;
}

/** How much of something is used. The number itself stands beside it, as text. */
export function Meter({ label, value, max, text, tone = "plain", className }: MeterProps) {
  const share = max > 0 ? Math.min(1, Math.max(0, value / max)) : 0;
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={Math.min(max, Math.max(0, value))}
      aria-valuetext={text}
      className={cn("h-1.5 min-w-12 overflow-hidden rounded-full bg-raised", className)}
    >
      <div className={cn("h-full rounded-full", tones[tone])} style={{ width: `${(share * 100).toFixed(1)}%` }} />
    </div>
  );
}
