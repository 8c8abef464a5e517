import type { TerminalInfo } from "@ws/rpc-contract";

export interface TerminalTab {
  id: string;
  /** Whether its program is known to run on the worker already. */
  exists: boolean;
}

/** The terminals that run, in order of their making, and those opened on this page that the worker does not list yet. */
export function tabsOf(listed: readonly TerminalInfo[], opened: readonly string[]): TerminalTab[] {
  const running = listed.filter(({ exitCode }) => exitCode === undefined);
  const ids = new Set(running.map(({ id }) => id));
  return [
    ...running
      .toSorted((a, b) => a.created.localeCompare(b.created) || a.id.localeCompare(b.id))
      .map(({ id }) => ({ id, exists: true })),
    ...opened.filter((id) => !ids.has(id)).map((id) => ({ id, exists: false })),
  ];
}

/** What a person reads: the ids that this page gives are numbers, an id given elsewhere is its own name. */
export function titleOf(id: string): string {
  if (id === "main") return "Terminal 1";
  const number = /^t([2-9]|[1-9]\d+)$/.exec(id)?.[1];
  return number === undefined ? id : `Terminal ${number}`;
}

/**
 * The id of the next terminal: the first of `main`, `t2`, `t3`, … that neither runs, also where its tab is closed
 * already, nor has a tab, also where that shows the end of its program.
 */
export function nextTerminal(listed: readonly TerminalInfo[], tabs: readonly TerminalTab[]): string {
  const taken = new Set([...tabsOf(listed, []), ...tabs].map(({ id }) => id));
  if (!taken.has("main")) return "main";
  let number = 2;
  while (taken.has(`t${number}`)) number += 1;
  return `t${number}`;
}
