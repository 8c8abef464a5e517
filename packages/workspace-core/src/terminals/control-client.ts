import type { Box, Bytes } from "../ports.ts";
import { CONTROL } from "./holder-scripts.ts";
import { scriptArgv } from "./run-script.ts";

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
  const lines = createLines();
  const process = await box.run(scriptArgv(CONTROL, [directory]), { stdin: lines.source, signal: leaving.signal });
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  let open = true;

  async function listen(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of process.stdout) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) {
        // The last field is 1 for what came over this connection and 0 for its own attaching.
        if (/^%(?:end|error) \d+ \d+ 1$/.test(line)) waiting.shift()?.resolve();
      }
    }
  }
  process.exit.catch(() => undefined);
  const closed = listen()
    .catch(() => undefined)
    .then(() => {
      open = false;
      lines.end();
      for (const { reject } of waiting.splice(0)) reject(gone());
    });

  return {
    command(line) {
      if (!open) return Promise.reject(gone());
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        lines.push(line);
      });
    },
    close() {
      lines.end();
      leaving.abort();
    },
    closed,
  };
}

function gone(): Error {
  return new Error("the terminal's holder is gone");
}

/** Lines that were said until they are read. */
function createLines(): { source: AsyncIterable<Bytes>; push(line: string): void; end(): void } {
  let waiting = "";
  let ended = false;
  let wake: (() => void) | undefined;
  const encoder = new TextEncoder();
  const notify = (): void => {
    wake?.();
    wake = undefined;
  };
  async function* read(): AsyncGenerator<Bytes, void> {
    for (;;) {
      if (waiting !== "") {
        const bytes = encoder.encode(waiting);
        waiting = "";
        yield bytes;
        continue;
      }
      if (ended) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  return {
    source: read(),
    push(line) {
      waiting += `${line}\n`;
      notify();
    },
    end() {
      ended = true;
      notify();
    },
  };
}
