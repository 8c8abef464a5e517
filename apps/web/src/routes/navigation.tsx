import { NavLink, useMatch } from "react-router";
import { InboxCount } from "../features/inbox/inbox-count.tsx";
import { cn } from "../components/ui/cn.ts";
import { DESTINATIONS, type Destination } from "./destinations.ts";

/** The destinations in the header; on a phone only the inbox, and only where the bar below is not. */
export function HeaderNavigation() {
  const inWorkspace = useMatch("/w/*") !== null;
  return (
    <nav aria-label="Pages" className="flex items-center gap-0.5 max-sm:ml-auto">
      {DESTINATIONS.map((destination) => (
        <NavLink
          key={destination.to}
          to={destination.to}
          end={destination.to === "/"}
          className={cn(
            "relative flex h-9 items-center gap-2 rounded-lg px-2 text-sm font-medium text-muted hover:bg-raised lg:px-2.5 hover:text-ink aria-[current=page]:text-ink pointer-coarse:h-11 pointer-coarse:min-w-11 pointer-coarse:justify-center short:h-8",
            inWorkspace && destination.to === "/inbox" ? "max-sm:px-3" : "max-sm:hidden",
          )}
        >
          <destination.Icon className="size-4.5 sm:hidden" aria-hidden />
          <span className="max-sm:sr-only">{destination.label}</span>
          <Count of={destination} className="max-sm:absolute max-sm:top-1 max-sm:right-0.5" />
        </NavLink>
      ))}
    </nav>
  );
}

/** The same at the bottom of a phone, within reach of a thumb; a workspace's page needs that room itself. */
export function PhoneBar() {
  const inWorkspace = useMatch("/w/*") !== null;
  if (inWorkspace) return null;
  return (
    <nav
      aria-label="Pages"
      className="flex shrink-0 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] sm:hidden short:hidden"
    >
      {DESTINATIONS.map((destination) => (
        <NavLink
          key={destination.to}
          to={destination.to}
          end={destination.to === "/"}
          className="relative flex h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 -outline-offset-2 text-[0.6875rem] font-medium text-muted aria-[current=page]:text-accent"
        >
          <destination.Icon className="size-5" aria-hidden />
          <span className="max-w-full truncate px-1">{destination.label}</span>
          <Count of={destination} className="absolute top-1.5 left-1/2 ml-1.5" />
        </NavLink>
      ))}
    </nav>
  );
}

function Count({ of, className }: { of: Destination; className: string }) {
  return of.to === "/inbox" ? <InboxCount className={className} /> : null;
}
