import { networkInterfaces } from "node:os";
import { systemTimers, type Timers } from "@ws/rpc-contract/connection";
import type { Io } from "../io.ts";

export interface NudgesOptions {
  io: Pick<Io, "stdin" | "onContinue" | "isForeground">;
  /** Called when the network may be another. */
  onNetwork: () => void;
  /** Called at Enter, and when the process goes on after it was stopped. */
  onPerson: () => void;
  timers?: Timers;
  interfaces?: () => unknown;
}

/** The system tells nobody; a look costs next to nothing, and is taken only while the connection is down. */
const LOOK_EVERY_MS = 2_000;

/** What a lost connection is tried again for at once. Returns what ends the listening. */
export function listenForNudges(options: NudgesOptions): () => void {
  const { io, onNetwork, onPerson, timers = systemTimers, interfaces = networkInterfaces } = options;
  let before = JSON.stringify(interfaces());
  let cancelLook = timers.after(LOOK_EVERY_MS, look);
  let ignoreKeys = listenForKeys();
  const offContinue = io.onContinue(() => {
    // It may have come to the front meanwhile, or have left it.
    ignoreKeys();
    ignoreKeys = listenForKeys();
    onPerson();
  });
  return () => {
    cancelLook();
    ignoreKeys();
    offContinue();
  };

  function look(): void {
    const now = JSON.stringify(interfaces());
    if (now !== before) onNetwork();
    before = now;
    cancelLook = timers.after(LOOK_EVERY_MS, look);
  }

  function listenForKeys(): () => void {
    const { stdin } = io;
    if (stdin.isTTY !== true || !io.isForeground()) return () => undefined;
    stdin.on("data", onPerson);
    return () => {
      stdin.off("data", onPerson);
      // An unread terminal would keep the process alive.
      stdin.pause();
    };
  }
}
