import { Accessibility, CircleDot, EllipsisVertical, Plus, X } from "lucide-react";
import { useEffect, useRef, type KeyboardEvent, type Ref } from "react";
import { MenuButton } from "../../components/menu-button.tsx";
import { Button } from "../../components/ui/button.tsx";
import { cn } from "../../components/ui/cn.ts";
import { Tooltip } from "../../components/ui/tooltip.tsx";
import type { TerminalTab } from "./tabs.ts";

const loadItems = () => import("./terminal-items.tsx");

interface TerminalTabsProps {
  ref: Ref<HTMLDivElement>;
  workspace: string;
  tabs: readonly TerminalTab[];
  active: string | undefined;
  select: (id: string) => void;
  close: (id: string) => void;
  rename: (id: string) => void;
  share: (id: string) => void;
  add: () => void;
  /** Whether the active one is recorded; absent where it does not run. */
  recording?: boolean | undefined;
  record: (on: boolean) => void;
  screenReader: boolean;
  onScreenReader: (on: boolean) => void;
}

/** The bar over the screens. Arrow keys walk the tabs, Delete closes one, as does the middle button, and F2 renames it, as does a double click. */
export function TerminalTabs({
  ref,
  workspace,
  tabs,
  active,
  select,
  close,
  rename,
  share,
  add,
  recording,
  record,
  screenReader,
  onScreenReader,
}: TerminalTabsProps) {
  const list = useRef<HTMLDivElement>(null);
  // On a phone there is room for two or three.
  useEffect(() => {
    const tab = list.current?.querySelector(`[data-tab="${CSS.escape(active ?? "")}"]`);
    tab?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [active]);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (active === undefined) return;
    if (event.key === "Delete") return close(active);
    if (event.key === "F2") return rename(active);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = tabs.findIndex(({ id }) => id === active);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    select(next.id);
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${CSS.escape(next.id)}"]`)?.focus();
  };
  const shown = tabs.find(({ id }) => id === active);
  return (
    <div ref={ref} className="flex items-center gap-1 border-b border-line bg-raised/60 px-2 sm:px-4">
      <div
        ref={list}
        role="tablist"
        aria-label="Terminals"
        tabIndex={-1}
        className="flex min-w-0 gap-1 overflow-x-auto py-1.5 short:py-0.5"
        onKeyDown={onKeyDown}
      >
        {tabs.map(({ id, name, title }) => (
          <button
            key={id}
            type="button"
            role="tab"
            data-tab={id}
            title={[title, `ws shell ${workspace} --terminal ${name}`].filter(Boolean).join("\n")}
            aria-selected={id === active}
            aria-keyshortcuts="Delete F2"
            tabIndex={id === active ? 0 : -1}
            className={cn(
              "flex h-8 shrink-0 items-center gap-1 rounded-lg border pr-1 pl-3 text-[0.8125rem] pointer-coarse:h-10 short:h-8",
              id === active ? "border-line bg-surface text-ink" : "border-transparent text-muted hover:text-ink",
            )}
            onClick={({ target }) => (isCloser(target) ? close(id) : select(id))}
            onDoubleClick={({ target }) => !isCloser(target) && rename(id)}
            onAuxClick={({ button }) => button === 1 && close(id)}
            // Without this the middle button would scroll instead.
            onMouseDown={(event) => event.button === 1 && event.preventDefault()}
          >
            {name}
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
      {active !== undefined && (
        <button
          type="button"
          className="sr-only rounded-md px-2 py-1 text-[0.8125rem] focus-visible:not-sr-only"
          onClick={() => close(active)}
        >
          Close {shown?.name ?? active}
        </button>
      )}
      <Button variant="ghost" size="iconSmall" aria-label="New terminal" onClick={add}>
        <Plus aria-hidden />
      </Button>
      <span className="flex-1" />
      {shown?.exists === true && (
        <MenuButton
          trigger={
            <Button variant="ghost" size="iconSmall" aria-label={`Actions of ${shown.name}`}>
              <EllipsisVertical aria-hidden />
            </Button>
          }
          load={loadItems}
          given={{ rename: () => rename(shown.id), share: () => share(shown.id) }}
        />
      )}
      {recording !== undefined && (
        <Tooltip content={recording ? "Stop recording and save it" : "Record what is shown, whoever looks or not"}>
          <Button
            variant={recording ? "pressed" : "ghost"}
            size={recording ? "small" : "iconSmall"}
            aria-label={recording ? "Stop recording" : "Record"}
            onClick={() => record(!recording)}
          >
            <CircleDot aria-hidden className={recording ? "animate-pulse text-bad motion-reduce:animate-none" : ""} />
            {recording && <span className="max-sm:hidden">Recording</span>}
          </Button>
        </Tooltip>
      )}
      <Tooltip content="Screen reader mode: the rows are in the page as text">
        <Button
          variant={screenReader ? "pressed" : "ghost"}
          size="iconSmall"
          aria-label="Screen reader mode"
          aria-pressed={screenReader}
          onClick={() => onScreenReader(!screenReader)}
        >
          <Accessibility aria-hidden />
        </Button>
      </Tooltip>
    </div>
  );
}

function isCloser(target: EventTarget): boolean {
  return target instanceof Element && target.closest("[data-close]") !== null;
}
