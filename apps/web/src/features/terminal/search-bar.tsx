import type { Terminal } from "@xterm/xterm";
import { CaseSensitive, ChevronDown, ChevronUp, Regex, WholeWord, X } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from "react";
import { cn } from "../../components/ui/cn.ts";
import type { Scheme } from "../../terminal-look/schemes.ts";
import { createSearch, mistakeIn, saidOf, type Found, type Search, type SearchQuery } from "./search.ts";

interface SearchBarProps {
  terminal: Terminal;
  scheme: Scheme;
  /** Gets the field, which is gone to again where it is asked for again. */
  field: RefObject<HTMLInputElement | null>;
  close: () => void;
}

/** Finds text in a terminal. Enter goes back to what is older, Shift+Enter to what is newer, Escape closes it. */
export function SearchBar({ terminal, scheme, field, close }: SearchBarProps) {
  const [query, setQuery] = useState<SearchQuery>(() => ({
    text: firstLine(terminal.getSelection()),
    matchCase: false,
    wholeWord: false,
    isExpression: false,
  }));
  const [found, setFound] = useState<Found>();
  const search = useRef<Search | undefined>(undefined);
  const mistakeId = useId();
  const mistake = mistakeIn(query);

  useEffect(() => {
    const made = createSearch(terminal, scheme, setFound);
    search.current = made;
    return () => {
      made.clear();
      made.dispose();
    };
  }, [terminal, scheme]);

  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, [field]);

  const find = (way: "back" | "on", sought = query) => {
    if (sought.text === "" || mistakeIn(sought) !== undefined) {
      search.current?.clear();
      setFound(undefined);
    } else search.current?.find(sought, way);
  };
  const change = (next: Partial<SearchQuery>) => {
    const sought = { ...query, ...next };
    setQuery(sought);
    // What is newest is what is looked for first.
    terminal.clearSelection();
    find("back", sought);
  };
  const leave = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    leave(event);
    if (event.key === "Enter") {
      event.preventDefault();
      find(event.shiftKey ? "on" : "back");
    }
  };
  const nothing = found?.count === 0 || mistake !== undefined;
  return (
    <div
      role="search"
      aria-label="Search the terminal"
      className="absolute top-2 right-4 z-20 w-[26rem] max-w-[calc(100%-2rem)] rounded-lg border border-line bg-surface p-1 text-[0.8125rem] text-ink shadow-float"
    >
      <div className="flex flex-wrap items-center justify-end gap-0.5">
        <input
          ref={field}
          onKeyDown={onKeyDown}
          type="text"
          aria-label="Search for"
          aria-invalid={mistake !== undefined}
          aria-describedby={mistake === undefined ? undefined : mistakeId}
          placeholder="Find"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="none"
          className="h-8 min-w-32 flex-1 rounded-md max-sm:basis-full bg-transparent px-2 font-mono outline-none focus-visible:ring-2 focus-visible:ring-accent pointer-coarse:h-10 pointer-coarse:text-base"
          value={query.text}
          onChange={({ target }) => change({ text: target.value })}
        />
        <span role="status" className={cn("shrink-0 px-1 tabular-nums", nothing ? "text-bad" : "text-muted")}>
          {mistake === undefined && query.text !== "" && saidOf(found)}
        </span>
        <Toggle leave={leave} name="Match case" on={query.matchCase} turn={(matchCase) => change({ matchCase })}>
          <CaseSensitive aria-hidden />
        </Toggle>
        <Toggle leave={leave} name="Whole words" on={query.wholeWord} turn={(wholeWord) => change({ wholeWord })}>
          <WholeWord aria-hidden />
        </Toggle>
        <Toggle
          leave={leave}
          name="Regular expression"
          on={query.isExpression}
          turn={(isExpression) => change({ isExpression })}
        >
          <Regex aria-hidden />
        </Toggle>
        <Press leave={leave} name="Older" act={() => find("back")}>
          <ChevronUp aria-hidden />
        </Press>
        <Press leave={leave} name="Newer" act={() => find("on")}>
          <ChevronDown aria-hidden />
        </Press>
        <Press leave={leave} name="Close search" act={close}>
          <X aria-hidden />
        </Press>
      </div>
      {mistake !== undefined && (
        <p id={mistakeId} role="alert" className="px-2 pt-1 pb-0.5 text-bad">
          {mistake}
        </p>
      )}
    </div>
  );
}

/** A selection of several lines is nothing to look for. */
function firstLine(selection: string): string {
  return selection.includes("\n") ? "" : selection;
}

const pressClass =
  "grid size-7 shrink-0 place-items-center rounded-md text-muted hover:bg-raised hover:text-ink pointer-coarse:size-9 [&_svg]:size-4";

interface PressProps {
  name: string;
  act: () => void;
  leave: (event: KeyboardEvent) => void;
  children: ReactNode;
}

function Press({ name, act, leave, children }: PressProps) {
  return (
    <button type="button" aria-label={name} title={name} className={pressClass} onClick={act} onKeyDown={leave}>
      {children}
    </button>
  );
}

interface ToggleProps {
  name: string;
  on: boolean;
  turn: (on: boolean) => void;
  leave: (event: KeyboardEvent) => void;
  children: ReactNode;
}

function Toggle({ name, on, turn, leave, children }: ToggleProps) {
  return (
    <button
      type="button"
      aria-label={name}
      aria-pressed={on}
      title={name}
      className={cn(pressClass, on && "bg-accent-soft text-accent hover:bg-accent-soft hover:text-accent")}
      onClick={() => turn(!on)}
      onKeyDown={leave}
    >
      {children}
    </button>
  );
}
