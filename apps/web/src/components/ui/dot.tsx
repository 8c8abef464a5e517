import { cn } from "./cn.ts";

const tones = {
  plain: "bg-line-strong",
  good: "bg-good",
  busy: "bg-busy animate-breathe",
  warn: "bg-warn",
  bad: "bg-bad",
};

/** A state's colour. It never stands alone: its word is beside it. */
export function Dot({ tone = "plain", className }: { tone?: keyof typeof tones; className?: string }) {
  return <span aria-hidden className={cn("inline-block size-2 shrink-0 rounded-full", tones[tone], className)} />;
}
