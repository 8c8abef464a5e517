import { ArrowDown, ArrowDownToLine, ArrowUp, Clock, Download, Pause, Play, WrapText } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Dot } from "../../components/ui/dot.tsx";
import { SearchField } from "../../components/ui/search-field.tsx";
import { Select } from "../../components/ui/select.tsx";
import type { SourceFilter } from "./log-search.ts";
import type { LogState } from "./use-log.ts";

const words = { loading: "Loading…", live: "Live", reconnecting: "Reconnecting…", ended: "Ended" };
const tones = { loading: "plain", live: "good", reconnecting: "warn", ended: "plain" } as const;

interface LogToolbarProps {
  state: LogState;
  /** How many lines came since it was held; undefined where it is not. */
  held: number | undefined;
  setHeld: (held: boolean) => void;
  follow: boolean;
  setFollow: (follow: boolean) => void;
  query: string;
  setQuery: (query: string) => void;
  /** How many lines have what is searched, and the how-manieth is shown; from 1. */
  hits: { count: number; at: number | undefined };
  go: (step: 1 | -1) => void;
  source: SourceFilter;
  setSource: (source: SourceFilter) => void;
  wrap: boolean;
  setWrap: (wrap: boolean) => void;
  times: boolean;
  setTimes: (times: boolean) => void;
  downloading: boolean;
  download: () => void;
}

export function LogToolbar(props: LogToolbarProps) {
  const { state, held, follow, query, hits, source, wrap, times } = props;
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2 sm:px-6">
      <p role="status" className="flex items-center gap-2 text-[0.8125rem] text-muted">
        <Dot tone={held === undefined ? tones[state] : "warn"} />
        {held === undefined ? words[state] : `Paused · ${held.toLocaleString()} new`}
      </p>
      <div className="flex min-w-0 flex-1 basis-60 items-center gap-1">
        <SearchField
          label="Search the log"
          className="min-w-0 flex-1"
          value={query}
          change={props.setQuery}
          onKeyDown={(event) => {
            if (event.key === "Enter") props.go(event.shiftKey ? -1 : 1);
            if (event.key === "Escape") props.setQuery("");
          }}
        />
        {query !== "" && (
          <>
            <span aria-live="polite" className="px-1 text-[0.8125rem] whitespace-nowrap text-muted tabular-nums">
              {hits.count === 0
                ? "none"
                : `${hits.at === undefined ? "" : `${hits.at} of `}${hits.count.toLocaleString()}`}
            </span>
            <Button
              variant="ghost"
              size="iconSmall"
              aria-label="Hit before"
              disabled={hits.count === 0}
              onClick={() => props.go(-1)}
            >
              <ArrowUp aria-hidden />
            </Button>
            <Button
              variant="ghost"
              size="iconSmall"
              aria-label="Next hit"
              disabled={hits.count === 0}
              onClick={() => props.go(1)}
            >
              <ArrowDown aria-hidden />
            </Button>
          </>
        )}
      </div>
      <Select<SourceFilter>
        aria-label="Which lines"
        className="max-w-40 min-w-28 max-sm:flex-1"
        value={source}
        change={props.setSource}
        choices={[
          { value: "all", label: "All lines" },
          { value: "startup", label: "Startup" },
          { value: "script", label: "Scripts" },
          { value: "output", label: "Its output" },
        ]}
      />
      <div className="ml-auto flex items-center gap-1">
        <Toggle label="Wrap lines" on={wrap} set={props.setWrap}>
          <WrapText aria-hidden />
        </Toggle>
        <Toggle label="Show times" on={times} set={props.setTimes}>
          <Clock aria-hidden />
        </Toggle>
        <Button
          variant="ghost"
          size="iconSmall"
          aria-label="Download the log"
          title="Download the log"
          busy={props.downloading}
          onClick={props.download}
        >
          {!props.downloading && <Download aria-hidden />}
        </Button>
        <Button
          variant={held === undefined ? "ghost" : "pressed"}
          size="iconSmall"
          aria-label={held === undefined ? "Pause" : "Go on"}
          title={held === undefined ? "Pause: what comes is not shown" : "Go on"}
          onClick={() => props.setHeld(held === undefined)}
        >
          {held === undefined ? <Pause aria-hidden /> : <Play aria-hidden />}
        </Button>
        <Button
          size="small"
          aria-pressed={follow}
          variant={follow ? "pressed" : "secondary"}
          onClick={() => props.setFollow(!follow)}
        >
          <ArrowDownToLine aria-hidden />
          <span className="max-sm:sr-only">{follow ? "Following" : "Follow"}</span>
        </Button>
      </div>
    </div>
  );
}

interface ToggleProps {
  label: string;
  on: boolean;
  set: (on: boolean) => void;
  children: ReactNode;
}

function Toggle({ label, on, set, children }: ToggleProps) {
  return (
    <Button
      variant={on ? "pressed" : "ghost"}
      size="iconSmall"
      aria-label={label}
      title={label}
      aria-pressed={on}
      onClick={() => set(!on)}
    >
      {children}
    </Button>
  );
}
