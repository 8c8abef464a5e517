import { useCallback, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { lazyPart } from "../../components/lazy-part.ts";
import { DialogFrame } from "../../components/dialog-frame.tsx";
import { Button } from "../../components/ui/button.tsx";
import { useWorkspace } from "../../live/live-context.tsx";
import { CloseTerminalDialog } from "./close-terminal-dialog.tsx";
import type { TerminalCommand } from "./commands.ts";
import { CredentialsNotice } from "./credentials-notice.tsx";
import {
  afterwards,
  detached,
  focused,
  groupOf,
  joined,
  maximised,
  moved,
  panesOf,
  resized,
  split,
} from "./layout/layout.ts";
import type { Side } from "./layout/layout.ts";
import { neighbourOf, rectanglesOf } from "./layout/rectangles.ts";
import { useIsSmall, useLayout } from "./layout/use-layout.ts";
import { Panes, ScreenSkeleton } from "./panes.tsx";
import type { TerminalRequest } from "./terminal-screen.tsx";
import type { StripTab } from "./tab-strip.tsx";
import { TerminalTabs } from "./terminal-tabs.tsx";
import type { DropPlace } from "./use-dragged-tab.ts";
import { useTerminalVerbs } from "./use-terminal-verbs.ts";
import { useTerminals } from "./use-terminals.ts";

const LookDialog = lazyPart(() => import("./look-dialog.tsx"));
const RenameTerminalDialog = lazyPart(() => import("./rename-terminal-dialog.tsx"));
const ShareDialog = lazyPart(() => import("./share-dialog.tsx"));

/** More would be a menu of tabs; the palette has all of them. */
const MOST_JOINS = 4;
/** Set by people who use a screen reader, from the tab bar. */
const SCREEN_READER_KEY = "ws.terminal.screenReader";

/**
 * The terminals of one running workspace, listed anew at each of their `changes`. A tab shows one of them or several in panes;
 * on a small screen each has a tab of its own.
 */
export default function TerminalsPanel({ name, shown, changes }: { name: string; shown: boolean; changes: number }) {
  const [query, setQuery] = useSearchParams();
  const terminals = useTerminals(name, changes);
  const { tabs, isSettled, visited, nameOf, runs } = terminals;
  const workspace = useWorkspace(name)?.id ?? name;
  const { layout, change } = useLayout(
    workspace,
    tabs.map(({ id }) => id),
    terminals.isCertain,
  );
  const isSmall = useIsSmall();
  const [closing, setClosing] = useState<readonly string[]>([]);
  const [renaming, setRenaming] = useState<string>();
  const [isLooking, setIsLooking] = useState(false);
  const [request, setRequest] = useState<TerminalRequest & { terminal: string }>();
  const [held, setHeld] = useState<DropPlace>();
  const [sharing, setSharing] = useState<string>();
  const [screenReader, setScreenReader] = useState(() => localStorage.getItem(SCREEN_READER_KEY) === "1");
  const bar = useRef<HTMLDivElement>(null);

  const wanted = query.get("t");
  const asked = tabs.find(({ id }) => id === wanted) ?? tabs.find((tab) => tab.name === wanted);
  const active = asked?.id ?? layout[0]?.focus;
  const group = groupOf(layout, active);
  const place = isSmall || group === undefined || group.maximised ? active : group.place;
  const { panes, borders } = rectanglesOf(place ?? "");
  if (active !== undefined && shown) terminals.visit([...panes.keys()]);

  const select = useCallback(
    (id: string) =>
      setQuery(
        (before) => {
          const next = new URLSearchParams(before);
          next.set("t", id);
          return next;
        },
        { replace: true },
      ),
    [setQuery],
  );
  const focus = (id: string) => {
    change((before) => focused(before, id));
    if (id !== active) select(id);
  };
  const openNext = () => select(terminals.open());
  const splitActive = (axis: "row" | "column") => {
    if (active === undefined) return;
    const id = terminals.open();
    change((before) => split(before, active, axis, id));
    select(id);
  };
  const join = (id: string, at: string, side: Side) => {
    change((before) => joined(before, id, at, side));
    select(id);
  };
  /** Tabs that the active one could go into. */
  const others = isSmall ? [] : layout.filter((tab) => tab !== group);
  const moveTab = (id: string, to: number) => change((before) => moved(before, id, to));
  const close = (ids: readonly string[]) => {
    if (ids.some(runs)) setClosing(ids);
    else forget(ids);
  };
  const forget = (ids: readonly string[]) => {
    const next = active === undefined ? undefined : afterwards(layout, ids, active);
    if (next !== undefined && next !== active) select(next);
    ids.forEach(terminals.forget);
  };
  const maximise = (id: string) => change((before) => maximised(before, id, groupOf(before, id)?.maximised !== true));
  const focusTab = () => bar.current?.querySelector<HTMLElement>("[aria-selected=true]")?.focus();
  const toTab = (event: Event) => {
    event.preventDefault();
    focusTab();
  };
  const mayJoin = (id: string, at: string) => !isSmall && groupOf(layout, id) !== groupOf(layout, at);
  const isSplit = group !== undefined && typeof group.place !== "string";
  const at = group === undefined ? -1 : layout.indexOf(group);

  const ask = (kind: TerminalRequest["kind"]) =>
    active !== undefined && setRequest((before) => ({ kind, terminal: active, count: (before?.count ?? 0) + 1 }));

  /** Whether a key of a terminal was for the page. */
  const command = (asked: TerminalCommand): boolean => {
    if (active === undefined) return false;
    if (asked.kind === "leave") focusTab();
    else if (asked.kind === "search" || asked.kind === "copyMode") ask(asked.kind);
    else if (asked.kind === "moveTab") moveTab(active, at + asked.step);
    else if (isSmall) return false;
    else if (asked.kind === "split") splitActive(asked.axis);
    else if (!isSplit) return false;
    else if (asked.kind === "maximise") maximise(active);
    else if (asked.kind === "go") {
      const next = neighbourOf(group.place, active, asked.direction);
      if (next !== undefined) focus(next);
    } else return false;
    return true;
  };

  const titleOf = (id: string) => tabs.find((tab) => tab.id === id)?.title;
  const tabOf = (id: string, count: number): StripTab => {
    const title = titleOf(id);
    return { id, name: nameOf(id), panes: count, ...(title !== undefined && { title }) };
  };
  const strip = isSmall
    ? layout.flatMap((tab) => panesOf(tab.place).map((id) => tabOf(id, 1)))
    : layout.map((tab) => tabOf(tab === group && active !== undefined ? active : tab.focus, panesOf(tab.place).length));
  const joins =
    active === undefined
      ? []
      : others.map((tab) => ({ name: nameOf(tab.focus), run: () => join(active, tab.focus, "right") }));
  const items =
    active === undefined || !tabs.some(({ id, exists }) => id === active && exists)
      ? undefined
      : {
          ask,
          appearance: () => setIsLooking(true),
          rename: () => setRenaming(active),
          share: () => setSharing(active),
          split: isSmall ? undefined : splitActive,
          maximise: isSplit && !isSmall ? () => maximise(active) : undefined,
          isMaximised: group?.maximised === true,
          detach: isSplit ? () => change((before) => detached(before, active)) : undefined,
          joins: joins.slice(0, MOST_JOINS),
          moveBack: at > 0 ? () => moveTab(active, at - 1) : undefined,
          moveOn: at < layout.length - 1 ? () => moveTab(active, at + 1) : undefined,
        };

  useTerminalVerbs(name, {
    add: shown ? openNext : undefined,
    split: shown ? items?.split : undefined,
    joins: shown ? joins : [],
    ask: shown && active !== undefined ? ask : undefined,
    appearance: () => setIsLooking(true),
  });

  return (
    <section aria-label="Terminals" className="flex min-h-0 flex-1 flex-col" hidden={!shown}>
      <TerminalTabs
        ref={bar}
        workspace={name}
        tabs={strip}
        active={active}
        select={focus}
        close={(id) => close(isSmall ? [id] : panesOf(groupOf(layout, id)?.place ?? id))}
        add={openNext}
        rename={(id) => runs(id) && setRenaming(id)}
        moves={{
          move: moveTab,
          // A tab has no place in itself.
          over: (id, place) => setHeld(place !== undefined && mayJoin(id, place.pane) ? place : undefined),
          drop: (id, { pane, side }) => mayJoin(id, pane) && join(id, pane, side),
        }}
        command={command}
        shown={active === undefined ? undefined : nameOf(active)}
        items={items}
        recording={terminals.recordingOf(active)}
        record={(on) => void terminals.record(nameOf(active ?? ""), on)}
        screenReader={screenReader}
        onScreenReader={(on) => {
          localStorage.setItem(SCREEN_READER_KEY, on ? "1" : "0");
          setScreenReader(on);
        }}
      />
      <CredentialsNotice workspace={name} />
      {!isSettled && visited.length === 0 && <ScreenSkeleton />}
      {isSettled && tabs.length === 0 && (
        <div className="flex flex-1 flex-col items-center justify-center gap-4 text-sm text-muted">
          No terminal is open.
          <Button onClick={openNext}>Open a terminal</Button>
        </div>
      )}
      <Panes
        {...{
          workspace: name,
          terminals,
          panes,
          borders,
          active,
          shown,
          screenReader,
          command,
          request,
          held,
          focus,
          maximise,
        }}
        hasHeaders={isSplit && !isSmall}
        isMaximised={group?.maximised === true}
        titleOf={titleOf}
        close={(id) => close([id])}
        forget={(id) => forget([id])}
        resize={(border, share) => change((before) => resized(before, border, share))}
        leave={focusTab}
      />
      <CloseTerminalDialog
        names={closing.map(nameOf)}
        cancel={() => setClosing([])}
        confirm={() => {
          setClosing([]);
          forget(closing);
          void terminals.close(closing);
        }}
      />
      {isLooking && (
        <DialogFrame close={() => setIsLooking(false)}>
          <LookDialog close={() => setIsLooking(false)} onCloseAutoFocus={toTab} />
        </DialogFrame>
      )}
      {sharing !== undefined && (
        <DialogFrame close={() => setSharing(undefined)}>
          <ShareDialog
            workspace={name}
            terminal={nameOf(sharing)}
            close={() => setSharing(undefined)}
            onCloseAutoFocus={toTab}
          />
        </DialogFrame>
      )}
      {renaming !== undefined && (
        <DialogFrame close={() => setRenaming(undefined)}>
          <RenameTerminalDialog
            workspace={name}
            terminal={nameOf(renaming)}
            close={() => setRenaming(undefined)}
            onCloseAutoFocus={toTab}
            onRenamed={terminals.onListChanged}
          />
        </DialogFrame>
      )}
    </section>
  );
}
