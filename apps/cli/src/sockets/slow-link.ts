import { createRoundTrip, type Prediction } from "@ws/rpc-contract/prediction";
import type { Timers } from "@ws/rpc-contract/terminal-client";
import type { ForetoldOutput } from "./foretold-output.ts";

type Write = (bytes: Buffer, written: () => void) => void;

/** A person sees a delay of so many milliseconds. */
const SLOW_MS = 30;

/** The way to the user's terminal. What foretells is loaded where the link proves slow: most never need it. */
export function createSlowLink(options: {
  write: Write;
  size: () => { cols: number; rows: number };
  /** A screen that a program has painted all over is not known to who comes in the middle of it. */
  isAlternate: () => boolean;
  timers: Timers;
}): Omit<Prediction, "changed"> & { write: Write; resized(): void } {
  const { write, size, isAlternate, timers } = options;
  const roundTrip = createRoundTrip(timers.now);
  let typedTo = 0;
  let takenTo = 0;
  let foretold: ForetoldOutput | undefined;
  let isLoading = false;

  async function load(): Promise<void> {
    isLoading = true;
    const { createForetoldOutput } = await import("./foretold-output.ts");
    isLoading = false;
    if (isAlternate()) return;
    foretold = createForetoldOutput({ size: size(), write, timers });
    // What is under way was not foretold.
    foretold.typed(UNKNOWN, typedTo);
    foretold.taken(takenTo);
  }

  return {
    write(bytes, written) {
      if (foretold === undefined) write(bytes, written);
      else foretold.write(bytes, written);
    },
    typed(data, end) {
      typedTo = end;
      if (foretold === undefined) roundTrip.typed(end);
      else foretold.typed(data, end);
    },
    taken(offset) {
      if (foretold !== undefined) return foretold.taken(offset);
      takenTo = offset;
      roundTrip.taken(offset);
      // Without it everything goes on as it was.
      if ((roundTrip.ms() ?? 0) > SLOW_MS && !isLoading && !isAlternate()) load().catch(() => undefined);
    },
    reset() {
      roundTrip.reset();
      foretold?.reset();
    },
    resized: () => foretold?.resized(size()),
  };
}

const UNKNOWN = "\0";
