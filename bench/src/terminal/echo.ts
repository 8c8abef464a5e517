import { setTimeout as delay } from "node:timers/promises";
import type { Sampler } from "../harness.ts";

/** A terminal's line editor in the kernel takes so many bytes before it wants a new line. */
const LINE = 200;
/** About as long as a fast typist takes; a terminal that polls shows it here. */
const PAUSE_MS = 8;

/** One keystroke into `cat`, from sending it to seeing it: what the terminal adds to the kernel's own echo. */
export function echoSampler(
  terminal: {
    write: (text: string) => void;
    onOutput: (listener: (text: string) => void) => void;
  },
  pauseMs = PAUSE_MS,
): Sampler {
  let typed = 0;
  let wanted = "";
  let seen = (): void => undefined;
  terminal.onOutput((text) => {
    if (wanted !== "" && text.includes(wanted)) seen();
  });

  async function press(key: string, echo: string, signal: AbortSignal): Promise<number> {
    const done = Promise.withResolvers<void>();
    const abort = (): void => done.reject(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
    wanted = echo;
    seen = done.resolve;
    const began = performance.now();
    terminal.write(key);
    await done.promise.finally(() => signal.removeEventListener("abort", abort));
    wanted = "";
    return performance.now() - began;
  }

  return async (signal) => {
    typed += 1;
    if (typed % LINE === 0) await press("\r", "\n", signal);
    await delay(pauseMs, undefined, { signal });
    const key = String.fromCharCode(97 + (typed % 26));
    return press(key, key, signal);
  };
}
