import { excerpt, type Clock } from "@ws/workspace-core";

/** What a program calls what it does (OSC 0 and 2), as it may be shown to somebody who did not ask for it. */
export interface Title {
  /** On one line, without anything that a terminal or a page would obey; undefined where there is none. */
  text(): string | undefined;
  /** Takes what a program said, of whatever length. */
  said(text: string): void;
}

/** Who is told lists all terminals anew, and a program can change its title thousands of times in a second. */
export const TOLD_EVERY_MS = 3_000;

/** `changed` is called at once, and then at most every three seconds, for as long as the title is another than the last told one. */
export function createTitle(options: { clock: Clock; signal: AbortSignal; changed: () => void }): Title {
  const { clock, signal, changed } = options;
  let text: string | undefined;
  let told: string | undefined;
  let resting = false;

  function tell(): void {
    if (resting || text === told || signal.aborted) return;
    resting = true;
    told = text;
    changed();
    clock.sleep(TOLD_EVERY_MS, signal).then(
      () => {
        resting = false;
        tell();
      },
      () => undefined,
    );
  }

  return {
    text: () => text,
    said(raw) {
      const clean = excerpt(raw).replace(/\s+/g, " ").trim();
      text = clean === "" ? undefined : clean;
      tell();
    },
  };
}
