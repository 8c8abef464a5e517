/** Lines of several sources on their way to one reader, who may be slow or never come. */
export interface FollowQueue<P = undefined> {
  /** From a source that can wait: resolves when the line was read, or when nobody reads any more. */
  offer(line: string, place?: P): Promise<void>;
  /** From a source that cannot wait: beyond the limit lines are left out, and a line in their place says how many. */
  add(line: string, place?: P): void;
  /** Nothing more comes: what is queued is still read, and then the failure is thrown, if there is one. */
  end(how?: { failure: unknown }): void;
  /** Nobody reads any more. */
  close(): void;
  /** In the order of arrival, until the end, each with its place where it came with one. */
  read(): AsyncGenerator<{ text: string; place: P | undefined }>;
}

/** Holds at most `limit` characters of lines that were added (default 1 Mi), and one line of each source that waits. */
export function createFollowQueue<P = undefined>(options: {
  limit?: number;
  leftOut: (count: number) => string;
}): FollowQueue<P> {
  const { limit = 1024 * 1024, leftOut } = options;
  const queue: Item<P>[] = [];
  let added = 0;
  let over: { failure?: unknown } | undefined;
  let wake = (): void => undefined;

  function put(item: Item<P>): void {
    queue.push(item);
    wake();
  }

  function take(item: Item<P>): { text: string; place: P | undefined } {
    if ("leftOut" in item) return { text: leftOut(item.leftOut), place: undefined };
    if (item.taken === undefined) added -= item.line.length;
    item.taken?.();
    return { text: item.line, place: item.place };
  }

  function end(how: { failure?: unknown } = {}): void {
    over ??= how;
    wake();
  }

  function close(): void {
    for (const item of queue.splice(0)) take(item);
    end();
  }

  return {
    async offer(line, place) {
      if (over === undefined) await new Promise<void>((taken) => put({ line, place, taken }));
    },
    add(line, place) {
      if (over !== undefined) return;
      const last = queue.at(-1);
      if (added < limit) {
        added += line.length;
        put({ line, place, taken: undefined });
      } else if (last !== undefined && "leftOut" in last) last.leftOut += 1;
      else put({ leftOut: 1 });
    },
    end,
    close,
    async *read() {
      try {
        for (;;) {
          const item = queue.shift();
          if (item !== undefined) yield take(item);
          else if (over === undefined) await new Promise<void>((resolve) => (wake = resolve));
          else if ("failure" in over) throw over.failure;
          else return;
        }
      } finally {
        close();
      }
    },
  };
}

type Item<P> = { line: string; place: P | undefined; taken: (() => void) | undefined } | { leftOut: number };
