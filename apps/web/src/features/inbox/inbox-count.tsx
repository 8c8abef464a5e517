import { cn } from "../../components/ui/cn.ts";
import { useInbox } from "./inbox-context.tsx";

/** How much waits for somebody; nothing where nothing does. */
export function InboxCount({ className }: { className?: string }) {
  const { items = [] } = useInbox();
  const count = items.length;
  if (count === 0) return null;
  return (
    <span
      className={cn(
        "flex h-4.5 min-w-4.5 items-center justify-center rounded-full bg-warn-soft px-1.5 text-[0.6875rem] font-semibold text-warn tabular-nums ring-1 ring-warn/35",
        className,
      )}
    >
      {count > 99 ? "99+" : count}
      <span className="sr-only"> {count === 1 ? "thing waits" : "things wait"} for you</span>
    </span>
  );
}
