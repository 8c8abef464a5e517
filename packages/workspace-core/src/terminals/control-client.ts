import { createByteQueue } from "../byte-queue.ts";
import { lines } from "../lines.ts";
import type { Box } from "../ports.ts";
import { CONTROL } from "./holder-scripts.ts";
import { scriptArgv } from "../in-place/run-script.ts";

/** A connection in tmux's control mode. */
export interface ControlClient {
  /** Resolves when tmux has carried the command out; rejects once the connection is gone. */
  command(line: string): Promise<void>;
  close(): void;
  /** Resolves when the connection is gone. Never rejects. */
  readonly closed: Promise<void>;
}

/** Connects to a terminal's tmux. Input takes this way because a process for each keystroke would take milliseconds. */
export async function openControlClient(box: Box, directory: string): Promise<ControlClient> {
  const leaving = new AbortController();
  const said = createByteQueue();
  const encoder = new TextEncoder();
  const process = await box.run(scriptArgv(CONTROL, [directory]), {
    stdin: said.source,
    signal: leaving.signal,
    traffic: "interactive",
  });
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  let open = true;

  async function listen(): Promise<void> {
    for await (const line of lines(process.stdout)) {
      // The last field is 1 for what came over this connection and 0 for its own attaching.
      if (/^%(?:end|error) \d+ \d+ 1$/.test(line)) waiting.shift()?.resolve();
    }
  }
  process.exit.catch(() => undefined);
  const closed = listen()
    .catch(() => undefined)
    .then(() => {
      open = false;
      said.end();
      for (const { reject } of waiting.splice(0)) reject(gone());
    });

  return {
    command(line) {
      if (!open) return Promise.reject(gone());
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        said.push(encoder.encode(`${line}\n`));
      });
    },
    close() {
      said.end();
      leaving.abort();
    },
    closed,
  };
}

function gone(): Error {
  return new Error("the terminal's holder is gone");
}
