import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import { systemTimers, type Timers } from "@ws/rpc-contract/terminal-client";

/** Before each further try. */
const WAITS_MS = [300, 1_000, 3_000];

/** A part of a page that is loaded when it is first shown; a network that fails for a moment only delays it. */
export function lazyPart<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
): LazyExoticComponent<ComponentType<P>> {
  return lazy(() => loadAgain(load, systemTimers));
}

export async function loadAgain<T>(load: () => Promise<T>, timers: Timers): Promise<T> {
  for (const wait of WAITS_MS) {
    try {
      return await load();
    } catch {
      await new Promise<void>((resolve) => void timers.after(wait, resolve));
    }
  }
  return load();
}
