import { createElement, lazy, type ComponentType } from "react";
import { systemTimers, type Timers } from "@ws/rpc-contract/terminal-client";
import { PartMissing } from "../part-missing.ts";

/** Before each further try. */
const WAITS_MS = [300, 1_000, 3_000];

/**
 * A part of a page that is loaded when it is first shown; a network that fails for a moment only delays it. What does not come is a
 * `PartMissing`, and React keeps it so until that is told to forget.
 */
export function lazyPart<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  timers: Timers = systemTimers,
): ComponentType<P> {
  const begin = () =>
    lazy(() =>
      loadAgain(load, timers).catch((error: unknown) => {
        if (error instanceof PartMissing) error.forget = () => void (Part = begin());
        throw error;
      }),
    );
  let Part = begin();
  return (props) => createElement<P>(Part, props);
}

/** Throws `PartMissing` where the last try fails too. */
export async function loadAgain<T>(load: () => Promise<T>, timers: Timers): Promise<T> {
  for (const wait of WAITS_MS) {
    try {
      return await load();
    } catch {
      await new Promise<void>((resolve) => void timers.after(wait, resolve));
    }
  }
  return load().catch((error: unknown) => {
    throw new PartMissing(error);
  });
}
