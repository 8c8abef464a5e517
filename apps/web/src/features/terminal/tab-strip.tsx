import { X } from "lucide-react";
import { useEffect, useRef, type KeyboardEvent, type Ref, type RefObject } from "react";
import { cn } from "../../components/ui/cn.ts";
import { commandOf, SHORTCUTS, type TerminalCommand } from "./commands.ts";
import { useDraggedTab, type TabMoves } from "./use-dragged-tab.ts";

export interface StripTab {
  /** Of the terminal that it leads to: the one of its panes that has the focus. */
  id: string;
  name: string;
  title?: string;
  /** How many panes it shows. */
  panes: number;
}

interface TabStripProps {
  ref: Ref<HTMLDivElement>;
  workspace: string;
  tabs: readonly StripTab[];
  active: string | undefined;
  select: (id: string) => void;
  close: (id: string) => void;
  rename: (id: string) => void;
  moves: TabMoves;
  /** Does what a key of terminals does, also while the focus is here; whether that was something. */
  command: (command: TerminalCommand) => boolean;
}

/**
 * The tabs. Arrow keys walk them, with Control and Shift PageUp and PageDown move one, as does the mouse, which also puts one into a pane; Delete closes one, as
 * does the middle button, and F2 renames it, as does a double click.
 */
export function TabStrip({ ref, workspace, tabs, active, select, close, rename, moves, command }: TabStripProps) {
  const list = useRef<HTMLDivElement>(null);
  const at = tabs.findIndex(({ id }) => id === active);
  useInSight(list, active);
  const drag = useDraggedTab(list, moves);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (active === undefined) return;
    if (event.key === "Delete") return close(active);
    if (event.key === "F2") return rename(active);
    const asked = commandOf(event);
    const focus = (id: string) =>
      list.current?.querySelector<HTMLElement>(`[data-tab="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
    if (asked !== undefined && command(asked)) {
      event.preventDefault();
      // Moved in the page, it loses the focus.
      if (asked.kind === "moveTab") requestAnimationFrame(() => focus(active));
      return;
    }
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const next = step === undefined ? undefined : tabs[(at + step + tabs.length) % tabs.length];
    if (next === undefined || event.ctrlKey) return;
    event.preventDefault();
    select(next.id);
    focus(next.id);
  };
  return (
    <div ref={ref} className="flex min-w-0">
      <div
        ref={list}
        role="tablist"
        aria-label="Terminals"
        tabIndex={-1}
        className="-mx-1 flex min-w-0 gap-1 overflow-x-auto px-1 py-1.5 short:py-0.5"
        onKeyDown={onKeyDown}
      >
        {tabs.map(({ id, name, title, panes }, index) => (
          <button
            key={id}
            type="button"
            role="tab"
            data-tab={id}
            title={[title, `ws shell ${workspace} --terminal ${name}`].filter(Boolean).join("\n")}
            aria-selected={id === active}
            aria-keyshortcuts={`Delete F2 ${SHORTCUTS.moveBack} ${SHORTCUTS.moveOn}`}
            tabIndex={id === active ? 0 : -1}
            className={cn(
              "flex h-8 shrink-0 items-center gap-1 rounded-lg border pr-1 pl-3 text-[0.8125rem] pointer-coarse:h-10 short:h-8",
              id === active ? "border-line bg-surface text-ink" : "border-transparent text-muted hover:text-ink",
              drag.dragged === id && "cursor-grabbing opacity-70",
            )}
            onClick={({ target }) => {
              if (drag.hasJustEnded()) return;
              if (isCloser(target)) close(id);
              else select(id);
            }}
            onDoubleClick={({ target }) => !isCloser(target) && rename(id)}
            onAuxClick={({ button }) => button === 1 && close(id)}
            onPointerDown={(event) => !isCloser(event.target) && drag.begin(event, id, index)}
            // Without this the middle button would scroll instead.
            onMouseDown={(event) => event.button === 1 && event.preventDefault()}
          >
            {name}
            {panes > 1 && (
              <span className="rounded-sm bg-raised px-1 text-[0.6875rem] leading-4 text-muted tabular-nums">
                {panes}
                <span className="sr-only"> panes</span>
              </span>
            )}
            {/* What a program says of itself: text of its own direction, and never in place of the name. */}
            {title !== undefined && (
              <bdi aria-hidden className="max-w-28 truncate text-muted sm:max-w-48">
                {title}
              </bdi>
            )}
            {/* For the pointer: a tab may hold no button of its own. */}
            <span
              data-close
              aria-hidden
              className="grid size-6 place-items-center rounded-md text-muted hover:bg-raised hover:text-ink pointer-coarse:size-9 short:size-8"
            >
              <X className="size-3.5" />
            </span>
          </button>
        ))}
      </div>
    </div>
  );
}

function isCloser(target: EventTarget): boolean {
  return target instanceof Element && target.closest("[data-close]") !== null;
}

/** Keeps the chosen tab in sight: on a phone there is room for two or three, and what programs say of themselves makes any of them wider later. */
function useInSight(list: RefObject<HTMLDivElement | null>, active: string | undefined): void {
  useEffect(() => {
    const strip = list.current;
    if (strip === null || active === undefined) return;
    const show = () => {
      const tab = strip.querySelector(`[data-tab="${CSS.escape(active)}"]`);
      tab?.scrollIntoView({ block: "nearest", inline: "nearest" });
    };
    const sizes = new ResizeObserver(show);
    const watch = () => {
      for (const element of [strip, ...strip.children]) sizes.observe(element);
      show();
    };
    const places = new MutationObserver(watch);
    places.observe(strip, { childList: true });
    watch();
    return () => {
      sizes.disconnect();
      places.disconnect();
    };
  }, [list, active]);
}
