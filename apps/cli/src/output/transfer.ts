import { Transform } from "node:stream";
import type { Context } from "../context.ts";

export interface Transfer {
  /** Lets bytes through and counts them. */
  pass: Transform;
  bytes: () => number;
  /** Takes the progress away from the terminal. */
  end: () => void;
}

const TOLD_MS = 200;

/** Counts what passes, and shows it on a terminal; `total` is 0 where it is not known. */
export function countBytes({ io, isLive }: Context, total: number): Transfer {
  let bytes = 0;
  let told = Date.now();
  let shown = false;
  const show = isLive();

  function tell(): void {
    if (!show || Date.now() - told < TOLD_MS) return;
    told = Date.now();
    shown = true;
    const part = total === 0 ? "" : ` of ${inMib(total)} (${Math.floor((100 * bytes) / total)} %)`;
    io.stderr.write(`\r\u001b[K${inMib(bytes)}${part}`);
  }

  return {
    pass: new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        tell();
        done(null, chunk);
      },
    }),
    bytes: () => bytes,
    end: () => void (shown && io.stderr.write("\r\u001b[K")),
  };
}

function inMib(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
