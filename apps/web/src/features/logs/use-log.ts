import { useEffect, useState } from "react";
import { followStream } from "../../follow-stream.ts";
import { useServices } from "../../services.ts";
import { createLogLines, type LogLine, type LogSource } from "./log-lines.ts";

const TAIL = 5_000;
const KEPT = 50_000;
/** A log may grow by thousands of lines in a second, and nobody reads as many. */
const PAINT_MS = 80;

export type LogState = "loading" | "live" | "reconnecting" | "ended";

export interface Log {
  state: LogState;
  lines: readonly LogLine[];
  /** Whether there is more before the first line. */
  dropped: boolean;
}

/** The log of a workspace as it grows. */
export function useLog(name: string): Log {
  const { client, connection, timers } = useServices();
  const [state, setState] = useState<LogState>("loading");
  const [shown, setShown] = useState<Omit<Log, "state">>({ lines: [], dropped: false });

  useEffect(() => {
    const log = createLogLines(KEPT);
    let cancel: (() => void) | undefined;
    let fresh = true;
    const paint = () => {
      cancel = undefined;
      setShown({ lines: log.lines(), dropped: log.dropped });
    };
    const following = followStream<{ text: string; source?: LogSource | undefined }>({
      connection,
      open: (signal) => client.workspaces.followLogs({ name, tail: TAIL }, { signal }),
      onOpen() {
        fresh = true;
        setState("live");
      },
      onEvent({ text, source = "output" }) {
        // Each opening begins with the last lines again.
        if (fresh) log.clear();
        fresh = false;
        log.append(text, source);
        cancel ??= timers.after(PAINT_MS, paint);
      },
      onLost: () => setState("reconnecting"),
      // The log of a workspace that is there has no end: an agent that goes away ends it without a word.
      isOver: async (signal) => (await client.workspaces.list(undefined, { signal })).every((one) => one.name !== name),
      onEnd: () => setState("ended"),
    });
    return () => {
      following.stop();
      cancel?.();
    };
  }, [client, connection, timers, name]);

  return { state, ...shown };
}
