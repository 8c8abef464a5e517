import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { lazyPart } from "../../components/lazy-part.ts";
import { saveFile } from "../../components/save-file.ts";
import { PartFrame } from "../../components/part-boundary.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { useToaster } from "../../components/ui/toast.tsx";
import { useServices } from "../../services.ts";
import { CloseTerminalDialog } from "./close-terminal-dialog.tsx";
import { CredentialsNotice } from "./credentials-notice.tsx";
import { nextTerminal, tabsOf } from "./tabs.ts";
import { TerminalTabs } from "./terminal-tabs.tsx";

const RenameTerminalDialog = lazyPart(() => import("./rename-terminal-dialog.tsx"));
const ShareDialog = lazyPart(() => import("./share-dialog.tsx"));
const TerminalScreen = lazyPart(() => import("./terminal-screen.tsx"));

/** Set by people who use a screen reader, from the tab bar. */
const SCREEN_READER_KEY = "ws.terminal.screenReader";

/** The terminals of one running workspace, listed anew at each of their `changes`: a tab each, and the screens of those that were looked at. */
export default function TerminalsPanel({ name, shown, changes }: { name: string; shown: boolean; changes: number }) {
  const { client, queries } = useServices();
  const toaster = useToaster();
  const queryClient = useQueryClient();
  const [query, setQuery] = useSearchParams();
  const list = useQuery(queries.terminals.list.queryOptions({ input: { name }, staleTime: 0 }));
  /** Opened on this page; undefined until anything was opened or closed here. */
  const [opened, setOpened] = useState<readonly string[]>();
  const [visited, setVisited] = useState<readonly string[]>([]);
  /** Closed here, by id and time of making: the worker may list them for a moment longer. */
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  /** Counted up to throw an ended screen away and begin on a new one. */
  const [rounds, setRounds] = useState<Readonly<Record<string, number>>>({});
  const [closing, setClosing] = useState<string>();
  const [renaming, setRenaming] = useState<string>();
  const [sharing, setSharing] = useState<string>();
  const [screenReader, setScreenReader] = useState(() => localStorage.getItem(SCREEN_READER_KEY) === "1");
  const bar = useRef<HTMLDivElement>(null);

  const settled = list.isSuccess || list.isError;
  // A workspace without a terminal gets its first one without being asked.
  const listed = (list.data ?? []).filter((terminal) => !closed.has(making(terminal)));
  const first = settled && listed.every(({ exitCode }) => exitCode !== undefined) ? ["main"] : [];
  const tabs = tabsOf(listed, [...new Set([...visited, ...(opened ?? first)])]);
  const wanted = query.get("t");
  const active = (tabs.find(({ id }) => id === wanted) ?? tabs.find(({ name }) => name === wanted) ?? tabs[0])?.id;
  const nameOf = (id: string) => tabs.find((tab) => tab.id === id)?.name ?? id;

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
  const openNext = () => {
    const id = nextTerminal(list.data ?? [], tabs);
    setOpened((before = []) => [...before, id]);
    select(id);
  };
  const onListChanged = useCallback(
    () => void queryClient.invalidateQueries({ queryKey: queries.terminals.list.queryKey({ input: { name } }) }),
    [queryClient, queries, name],
  );

  useEffect(onListChanged, [onListChanged, changes]);

  if (active !== undefined && shown && !visited.includes(active)) setVisited([...visited, active]);

  const forget = (id: string) => {
    setOpened((before = []) => before.filter((other) => other !== id));
    setVisited((before) => before.filter((other) => other !== id));
  };
  const close = async (id: string) => {
    const terminal = nameOf(id);
    setClosing(undefined);
    const before = closed;
    setClosed(new Set([...closed, ...listed.filter((terminal) => terminal.id === id).map(making)]));
    forget(id);
    try {
      await client.terminals.close({ name, terminal });
    } catch (error) {
      setClosed(before);
      toaster.failed(`'${terminal}' was not closed`, error);
    }
    onListChanged();
  };
  const record = async (terminal: string, on: boolean) => {
    try {
      await client.terminals.record({ name, terminal, on });
      onListChanged();
      if (on) return;
      const parts: string[] = [];
      for await (const { text } of await client.terminals.recording({ name, terminal })) parts.push(text);
      saveFile(new Blob(parts), `${name}-${terminal}.cast`);
    } catch (error) {
      toaster.failed(on ? `'${terminal}' is not recorded` : `The recording of '${terminal}' was not saved`, error);
    }
  };
  const focusTab = () => bar.current?.querySelector<HTMLElement>("[aria-selected=true]")?.focus();
  const toTab = (event: Event) => {
    event.preventDefault();
    focusTab();
  };
  const current = listed.find(({ id, exitCode }) => id === active && exitCode === undefined);
  const runs = (id: string) => listed.some((terminal) => terminal.id === id && terminal.exitCode === undefined);

  return (
    <section aria-label="Terminals" className="flex min-h-0 flex-1 flex-col" hidden={!shown}>
      <TerminalTabs
        ref={bar}
        workspace={name}
        tabs={tabs}
        active={active}
        select={select}
        close={(id) => (runs(id) ? setClosing(id) : forget(id))}
        add={openNext}
        recording={current && current.recording === "on"}
        record={(on) => void record(nameOf(active ?? ""), on)}
        rename={(id) => runs(id) && setRenaming(id)}
        share={setSharing}
        screenReader={screenReader}
        onScreenReader={(on) => {
          localStorage.setItem(SCREEN_READER_KEY, on ? "1" : "0");
          setScreenReader(on);
        }}
      />
      <CredentialsNotice workspace={name} />
      {!settled && <ScreenSkeleton />}
      {settled && tabs.length === 0 && (
        <div className="flex flex-1 flex-col items-center justify-center gap-4 text-sm text-muted">
          No terminal is open.
          <Button onClick={openNext}>Open a terminal</Button>
        </div>
      )}
      {visited
        .filter((id) => tabs.some((tab) => tab.id === id))
        .map((id) => (
          <div key={`${id} ${rounds[id] ?? 0}`} className="flex min-h-0 flex-1 flex-col" hidden={id !== active}>
            <PartFrame fallback={<ScreenSkeleton />}>
              <TerminalScreen
                workspace={name}
                terminal={id}
                name={nameOf(id)}
                // What is started again has ended, also while the list does not know it yet.
                create={rounds[id] !== undefined || !runs(id)}
                active={id === active && shown}
                screenReader={screenReader}
                onListChanged={onListChanged}
                closeTab={() => forget(id)}
                startAgain={() => {
                  setRounds((before) => ({ ...before, [id]: (before[id] ?? 0) + 1 }));
                }}
                leave={focusTab}
              />
            </PartFrame>
          </div>
        ))}
      <CloseTerminalDialog
        terminal={closing}
        name={nameOf(closing ?? "")}
        cancel={() => setClosing(undefined)}
        confirm={(id) => void close(id)}
      />
      {sharing !== undefined && (
        <PartFrame fallback={null}>
          <ShareDialog
            workspace={name}
            terminal={nameOf(sharing)}
            close={() => setSharing(undefined)}
            onCloseAutoFocus={toTab}
          />
        </PartFrame>
      )}
      {renaming !== undefined && (
        <PartFrame fallback={null}>
          <RenameTerminalDialog
            workspace={name}
            terminal={nameOf(renaming)}
            close={() => setRenaming(undefined)}
            onCloseAutoFocus={toTab}
            onRenamed={onListChanged}
          />
        </PartFrame>
      )}
    </section>
  );
}

function making({ id, created }: { id: string; created: string }): string {
  return `${id} ${created}`;
}

function ScreenSkeleton() {
  return (
    <div role="status" className="flex-1 space-y-2.5 bg-terminal p-4">
      <span className="sr-only">Loading the terminal…</span>
      <Skeleton className="h-3.5 w-64 max-w-full" />
      <Skeleton className="h-3.5 w-40" />
    </div>
  );
}
