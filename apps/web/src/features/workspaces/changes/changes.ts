/** What changed while nobody looked at the list in this browser. */
export interface Changes {
  /** Somebody looks at the list, which is so now: what is otherwise than they left it has changed. */
  arrive(now: ReadonlyMap<string, string | undefined>): void;
  /** They are still there: what becomes another before their eyes is no news. */
  stay(now: ReadonlyMap<string, string | undefined>): void;
  /** They have looked at these, or at all. */
  seen(now: ReadonlyMap<string, string | undefined>, ids?: readonly string[]): void;
  /** By id. */
  changed(): ReadonlySet<string>;
}

type Judge = (id: string) => boolean;

interface State {
  known: Readonly<Record<string, string>>;
  changed: readonly string[];
}

/** Kept under `key`, so that another tab of the browser and the next visit go on with it. */
export function createChanges(storage: Pick<Storage, "getItem" | "setItem">, key: string): Changes {
  let changed: ReadonlySet<string> = new Set();

  function look(now: ReadonlyMap<string, string | undefined>, isNews: Judge, isSeen: Judge = never): void {
    const before = read();
    const marked = new Set(before?.changed);
    const known: Record<string, string> = {};
    for (const [id, print] of now) {
      const was = before?.known[id];
      // One that is made at the moment is known once it is there.
      if (print === undefined) {
        if (was !== undefined) known[id] = was;
        continue;
      }
      known[id] = print;
      if (before !== undefined && was !== print && isNews(id)) marked.add(id);
    }
    const next = [...marked].filter((id) => now.has(id) && !isSeen(id));
    if (next.length !== changed.size || next.some((id) => !changed.has(id))) changed = new Set(next);
    write({ known, changed: next }, before);
  }

  return {
    arrive: (now) => look(now, () => true),
    stay: (now) => look(now, never),
    seen(now, ids) {
      if (ids === undefined) return look(now, never, () => true);
      const before = read();
      if (before === undefined) return;
      // Of the others it is not known by this that somebody has seen them.
      const some = new Map([...now].map(([id, print]) => [id, ids.includes(id) ? print : before.known[id]]));
      look(some, never, (id) => ids.includes(id));
    },
    changed: () => changed,
  };

  function write(next: State, before: State | undefined): void {
    const text = JSON.stringify(next);
    if (before !== undefined && JSON.stringify(before) === text) return;
    try {
      storage.setItem(key, text);
    } catch {
      // A full storage forgets it with the page.
    }
  }

  function read(): State | undefined {
    try {
      const { known, changed: kept } = JSON.parse(storage.getItem(key) ?? "{}") as Partial<State>;
      return typeof known === "object" && Array.isArray(kept) ? { known, changed: kept } : undefined;
    } catch {
      return undefined;
    }
  }
}

const never: Judge = () => false;
