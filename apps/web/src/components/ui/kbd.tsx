import { cn } from "./cn.ts";

/** A key, or keys pressed together or after one another, as `Ctrl K`: each is drawn as one key. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  return (
    <kbd className={cn("inline-flex gap-0.5 font-sans", className)}>
      {keys.split(" ").map((key, at) => (
        <span
          // The same key may be pressed twice.
          // oxlint-disable-next-line react/no-array-index-key
          key={at}
          className="inline-flex h-5 min-w-5 items-center justify-center rounded-[0.3125rem] border border-line bg-raised px-1 text-[0.6875rem] leading-none font-medium text-muted"
        >
          {key}
        </span>
      ))}
    </kbd>
  );
}
