import { Inbox } from "lucide-react";
import { NavLink } from "react-router";
import { useInbox } from "./inbox-context.tsx";

/** The way to what waits for somebody, with how much that is. */
export function InboxLink({ className }: { className: string }) {
  const { items = [] } = useInbox();
  const count = items.length;
  return (
    <NavLink to="/inbox" className={className}>
      <span className="relative flex items-center gap-2">
        <Inbox className="size-4.5 sm:hidden" aria-hidden />
        <span className="max-sm:sr-only">Inbox</span>
        {count > 0 && (
          <span className="flex h-4.5 min-w-4.5 items-center justify-center rounded-full bg-warn-soft px-1.5 text-[0.6875rem] font-semibold text-warn tabular-nums ring-1 ring-warn/35 max-sm:absolute max-sm:-top-2 max-sm:left-2.5 max-sm:px-1">
            {count > 99 ? "99+" : count}
            <span className="sr-only"> {count === 1 ? "thing waits" : "things wait"} for you</span>
          </span>
        )}
      </span>
    </NavLink>
  );
}
