import type { Timers } from "@ws/rpc-contract/terminal-client";

/** Says that somebody uses the page, so that no other device of theirs is told what they see here. */
export interface LookTeller {
  /** Something was pressed, typed or moved. */
  used(): void;
  /** The page is out of sight. */
  left(): void;
  stop(): void;
}

interface LookTellerOptions {
  /** Resolves to whether any browser is told anything. */
  say: (here: boolean) => Promise<boolean>;
  timers: Timers;
}

/** Two of them are within what the worker takes for somebody who is there. */
export const EVERY_MS = 30_000;
/** Where nobody is told anything, nobody has to know. */
const SELDOM_MS = 600_000;

export function createLookTeller({ say, timers }: LookTellerOptions): LookTeller {
  let isHere = false;
  let wasUsed = false;
  let rest: (() => void) | undefined;

  function tell(): void {
    isHere = true;
    wasUsed = false;
    let pause = EVERY_MS;
    const wait = () => {
      rest = timers.after(pause, () => {
        rest = undefined;
        if (wasUsed) tell();
      });
    };
    wait();
    say(true).then(
      (told) => {
        if (told || rest === undefined) return;
        pause = SELDOM_MS;
        rest();
        wait();
      },
      // One that was not heard is followed by the next.
      () => undefined,
    );
  }

  return {
    used() {
      wasUsed = true;
      if (rest === undefined) tell();
    },
    left() {
      wasUsed = false;
      if (!isHere) return;
      isHere = false;
      rest?.();
      rest = undefined;
      say(false).catch(() => undefined);
    },
    stop: () => rest?.(),
  };
}
