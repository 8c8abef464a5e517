import type { TerminalInfo } from "@ws/rpc-contract";

export interface TerminalTab {
  id: string;
  /** What it is called; by that it is opened where it does not run. */
  name: string;
  /** What its program calls what it does. */
  title?: string;
  /** Whether its program is known to run on the worker already. */
  exists: boolean;
}

/** The terminals that run, in order of their making, and those opened on this page that the worker does not list yet. */
export function tabsOf(listed: readonly TerminalInfo[], opened: readonly string[]): TerminalTab[] {
  const running = listed.filter(({ exitCode }) => exitCode === undefined);
  const ids = new Set(running.flatMap(({ id, name }) => [id, name]));
  const called = new Map(listed.map(({ id, name }) => [id, name]));
  return [
    ...running
      .toSorted((a, b) => a.created.localeCompare(b.created) || a.id.localeCompare(b.id))
      .map(({ id, name, title }) => ({ id, name, ...(title !== undefined && { title }), exists: true })),
    ...opened.filter((id) => !ids.has(id)).map((id) => ({ id, name: called.get(id) ?? id, exists: false })),
  ];
}

/**
 * The name, and id, of the next terminal: the first of `main`, `t2`, `t3`, … that neither runs, also where its tab is closed
 * already, nor has a tab, also where that shows the end of its program.
 */
export function nextTerminal(listed: readonly TerminalInfo[], tabs: readonly TerminalTab[]): string {
  // Of one that was renamed the id stays taken, also when it has ended.
  const renamed = listed.filter(({ id, name }) => id !== name);
  const taken = new Set([...tabsOf(listed, []), ...tabs, ...renamed].flatMap(({ id, name }) => [id, name]));
  if (!taken.has("main")) return "main";
  let number = 2;
  while (taken.has(`t${number}`)) number += 1;
  return `t${number}`;
}
