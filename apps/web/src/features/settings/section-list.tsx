import { ChevronRight, Lock } from "lucide-react";
import { NavLink } from "react-router";
import { cn } from "../../components/ui/cn.ts";
import type { Found } from "./find.ts";
import { suffices, useCaller } from "./scope.ts";
import { GROUPS, type SettingsSection } from "./sections.ts";

interface SectionListProps {
  found: readonly Found[];
  /** Beside an open section there is room for their names only. */
  narrow?: boolean;
}

/** Every section that was found, by group. */
export function SectionList({ found, narrow = false }: SectionListProps) {
  if (found.length === 0) return <p className="px-2 py-3 text-sm text-muted">No setting has that in its name.</p>;
  const groups = Object.entries(GROUPS).map(([id, label]) => ({
    label,
    those: found.filter(({ section }) => section.group === id),
  }));
  return (
    <div className={narrow ? "space-y-4" : "space-y-7"}>
      {groups
        .filter(({ those }) => those.length > 0)
        .map(({ label, those }) => (
          <section key={label} aria-label={label}>
            <h2 className={cn("mb-1.5 text-[0.8125rem] font-medium text-muted", narrow ? "px-2.5" : "px-1")}>
              {label}
            </h2>
            <ul
              className={
                narrow ? "space-y-0.5" : "divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface"
              }
            >
              {those.map((each) => (
                <li key={each.section.id}>
                  <SectionLink {...each} narrow={narrow} />
                </li>
              ))}
            </ul>
          </section>
        ))}
    </div>
  );
}

function SectionLink({ section, matches, narrow }: Found & { narrow: boolean }) {
  const { id, label, Icon, about } = section;
  const isClosed = useIsClosed(section);
  return (
    <NavLink
      to={`/settings/${id}`}
      className={cn(
        "flex items-center gap-3 text-sm hover:bg-raised aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent",
        narrow ? "min-h-9 rounded-lg px-2.5 py-1.5 pointer-coarse:min-h-11" : "px-4 py-3.5 -outline-offset-2",
      )}
    >
      <Icon className={cn("shrink-0", narrow ? "size-4" : "size-5 text-muted")} aria-hidden />
      <span className="min-w-0 flex-1">
        <span className="block font-medium">{label}</span>
        {!narrow && <span className="block text-[0.8125rem] text-muted">{about}</span>}
        {matches.length > 0 && <span className="block truncate text-[0.8125rem] text-muted">{matches.join(", ")}</span>}
      </span>
      {isClosed && (
        <span className="flex items-center gap-1.5 text-[0.8125rem] text-muted">
          <Lock className="size-3.5" aria-hidden />
          <span className={cn(narrow && "sr-only")}>For administrators</span>
        </span>
      )}
      {!narrow && <ChevronRight className="size-4 shrink-0 text-muted" aria-hidden />}
    </NavLink>
  );
}

/** Whether this browser's token is not enough for it. */
function useIsClosed({ needs }: SettingsSection): boolean {
  const caller = useCaller();
  return needs !== undefined && caller !== undefined && !suffices(caller.scope, needs);
}
