import { ListFilter, X } from "lucide-react";
import type { Ref } from "react";
import { Button } from "../../../components/ui/button.tsx";
import { cn } from "../../../components/ui/cn.ts";
import { SearchField } from "../../../components/ui/search-field.tsx";
import { Select } from "../../../components/ui/select.tsx";
import { HEADINGS } from "./columns.ts";
import type { Counts } from "./counts.ts";
import {
  formatSort,
  isFiltered,
  NEWEST,
  nextSort,
  NO_FILTER,
  parseSort,
  STATUSES,
  type Group,
  type ListView,
} from "./view.ts";

const WORDS = { running: "Running", creating: "Creating", stopped: "Stopped", error: "Failed" };

const GROUP_CHOICES: readonly { value: Group; label: string }[] = [
  { value: "none", label: "Not grouped" },
  { value: "execution", label: "By execution" },
  { value: "status", label: "By status" },
];

const SORT_CHOICES = [
  { value: formatSort(NEWEST), label: "Newest first" },
  ...HEADINGS.map(({ column, label }) => ({ value: formatSort(nextSort(NEWEST, column)), label: `By ${label}` })),
];

interface ToolbarProps {
  view: ListView;
  change: (change: Partial<ListView>) => void;
  counts: Counts;
  selecting: boolean;
  setSelecting: (selecting: boolean) => void;
  /** Nothing of what changed is news any more. */
  seeAll: () => void;
  field: Ref<HTMLInputElement>;
}

/** What decides which workspaces are shown, and how. */
export function Toolbar({ view, change, counts, selecting, setSelecting, seeAll, field }: ToolbarProps) {
  const chips = STATUSES.filter((status) => counts.byStatus[status] > 0 || view.statuses.includes(status));
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
      <SearchField
        ref={field}
        label="Filter workspaces"
        title="By name, repository, branch or execution; status:stopped"
        aria-keyshortcuts="/"
        value={view.text}
        change={(text) => change({ text })}
        className="w-full lg:w-80"
      />
      <div
        role="group"
        aria-label="Show only"
        className="flex min-w-0 flex-1 items-center gap-1 max-sm:-mx-4 max-sm:w-screen max-sm:flex-none max-sm:overflow-x-auto max-sm:px-4 sm:flex-wrap"
      >
        <ListFilter className="size-4 shrink-0 text-muted max-sm:hidden" aria-hidden />
        {(counts.needs > 0 || view.needs) && (
          <Chip on={view.needs} count={counts.needs} press={() => change({ needs: !view.needs })}>
            Needs you
          </Chip>
        )}
        {view.changed === "visit" && (
          <>
            <Chip on count={counts.news} press={() => change({ changed: "" })}>
              Changed since you were here
            </Chip>
            <Button variant="ghost" size="small" disabled={counts.news === 0} onClick={seeAll}>
              Mark as seen
            </Button>
          </>
        )}
        {chips.map((status) => {
          const on = view.statuses.includes(status);
          const rest = view.statuses.filter((other) => other !== status);
          return (
            <Chip
              key={status}
              on={on}
              count={counts.byStatus[status]}
              press={() => change({ statuses: on ? rest : [...rest, status] })}
            >
              {WORDS[status]}
            </Chip>
          );
        })}
        {view.changed === "day" && (
          <Chip on count={counts.changed} press={() => change({ changed: "" })}>
            Changed in a day
          </Chip>
        )}
        {isFiltered(view) && (
          <Button variant="ghost" size="small" onClick={() => change(NO_FILTER)}>
            <X aria-hidden />
            Clear
          </Button>
        )}
      </div>
      <div className="flex items-center gap-2 max-lg:w-full">
        <Select
          aria-label="Sort"
          value={formatSort(view.sort)}
          change={(value) => change({ sort: parseSort(value) ?? NEWEST })}
          choices={
            SORT_CHOICES.some(({ value }) => value === formatSort(view.sort))
              ? SORT_CHOICES
              : [...SORT_CHOICES, { value: formatSort(view.sort), label: "The other way" }]
          }
          className="lg:hidden"
        />
        <Select
          aria-label="Group"
          value={view.group}
          change={(group) => change({ group })}
          choices={GROUP_CHOICES}
          className="lg:w-36"
        />
        <Button
          variant={selecting ? "pressed" : "secondary"}
          aria-pressed={selecting}
          className="lg:hidden"
          onClick={() => setSelecting(!selecting)}
        >
          Select
        </Button>
      </div>
    </div>
  );
}

interface ChipProps {
  on: boolean;
  count: number;
  press: () => void;
  children: string;
}

function Chip({ on, count, press, children }: ChipProps) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={press}
      className={cn(
        "inline-flex h-8 shrink-0 items-center gap-1.5 rounded-lg px-2.5 text-[0.8125rem] font-medium whitespace-nowrap pointer-coarse:h-11",
        on ? "bg-accent-soft text-accent" : "text-muted hover:bg-raised hover:text-ink",
      )}
    >
      {children}
      <span className={cn("tabular-nums", !on && "font-normal")}>{count}</span>
    </button>
  );
}
