import { useEffect, useState, useSyncExternalStore } from "react";
import { createKeptLayouts } from "./kept-layouts.ts";
import { settled, type Layout } from "./layout.ts";

/**
 * The layout of a workspace's terminals, by the workspace's id; what is changed in it is kept on this device. `isCertain` says that
 * no other terminals are there than these: what the worker has not listed for a moment keeps its place.
 */
export function useLayout(workspace: string, terminals: readonly string[], isCertain: boolean) {
  const [kept] = useState(() => createKeptLayouts(localStorage));
  const [chosen, setChosen] = useState<Layout>(() => kept.get(workspace));
  const layout = settled(chosen, terminals);
  // The place of one that is gone must not wait for the next of its name.
  if (isCertain && layout !== chosen) setChosen(layout);
  useEffect(() => kept.set(workspace, chosen), [kept, workspace, chosen]);
  return { layout, change: (next: (layout: Layout) => Layout) => setChosen(next(layout)) };
}

/** Too small for panes beside each other: each has all of the screen then. */
const SMALL = "(width < 40rem), (height < 30rem)";

export function useIsSmall(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = matchMedia(SMALL);
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => matchMedia(SMALL).matches,
  );
}
