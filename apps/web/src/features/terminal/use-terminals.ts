import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { saveFile } from "../../components/save-file.ts";
import { useToaster } from "../../components/ui/toast.tsx";
import { useServices } from "../../services.ts";
import { nextTerminal, tabsOf } from "./tabs.ts";

/** The terminals of one workspace, as the worker lists them and as they were opened and closed on this page. */
export function useTerminals(name: string, changes: number) {
  const { client, queries } = useServices();
  const toaster = useToaster();
  const queryClient = useQueryClient();
  const list = useQuery(queries.terminals.list.queryOptions({ input: { name }, staleTime: 0 }));
  /** Opened on this page; undefined until anything was opened or closed here. */
  const [opened, setOpened] = useState<readonly string[]>();
  const [visited, setVisited] = useState<readonly string[]>([]);
  /** Closed here, by id and time of making: the worker may list them for a moment longer. */
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  /** Counted up to throw an ended screen away and begin on a new one. */
  const [rounds, setRounds] = useState<Readonly<Record<string, number>>>({});

  const isSettled = list.isSuccess || list.isError;
  // A workspace without a terminal gets its first one without being asked.
  const listed = (list.data ?? []).filter((terminal) => !closed.has(making(terminal)));
  const first = isSettled && listed.every(({ exitCode }) => exitCode !== undefined) ? ["main"] : [];
  const tabs = tabsOf(listed, [...new Set([...visited, ...(opened ?? first)])]);
  const nameOf = (id: string) => tabs.find((tab) => tab.id === id)?.name ?? id;

  const onListChanged = useCallback(
    () => void queryClient.invalidateQueries({ queryKey: queries.terminals.list.queryKey({ input: { name } }) }),
    [queryClient, queries, name],
  );
  useEffect(onListChanged, [onListChanged, changes]);

  const forget = (id: string) => {
    setOpened((before = []) => before.filter((other) => other !== id));
    setVisited((before) => before.filter((other) => other !== id));
  };

  return {
    tabs,
    isSettled,
    /** Whether the worker has just listed them. */
    isCertain: list.isSuccess && !list.isFetching,
    /** Whose screens are there, shown or not. */
    visited: visited.filter((id) => tabs.some((tab) => tab.id === id)),
    rounds,
    nameOf,
    forget,
    onListChanged,
    runs: (id: string) => listed.some((terminal) => terminal.id === id && terminal.exitCode === undefined),
    recordingOf: (id: string | undefined) => {
      const found = listed.find((terminal) => terminal.id === id && terminal.exitCode === undefined);
      return found && found.recording === "on";
    },
    visit: (ids: readonly string[]) => {
      if (ids.some((id) => !visited.includes(id))) setVisited([...new Set([...visited, ...ids])]);
    },
    /** The id of a new one, which begins once it is shown. */
    open() {
      const id = nextTerminal(list.data ?? [], tabs);
      setOpened((before = []) => [...before, id]);
      return id;
    },
    startAgain: (id: string) => setRounds((before) => ({ ...before, [id]: (before[id] ?? 0) + 1 })),
    async close(ids: readonly string[]) {
      const before = closed;
      const over = listed.filter(({ id }) => ids.includes(id)).map(making);
      setClosed(new Set([...closed, ...over]));
      ids.forEach(forget);
      for (const terminal of ids.map(nameOf)) {
        try {
          await client.terminals.close({ name, terminal });
        } catch (error) {
          setClosed(before);
          toaster.failed(`'${terminal}' was not closed`, error);
        }
      }
      onListChanged();
    },
    async record(terminal: string, on: boolean) {
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
    },
  };
}

function making({ id, created }: { id: string; created: string }): string {
  return `${id} ${created}`;
}
