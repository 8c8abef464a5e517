export interface Seen {
  /** Since when this browser looks, in milliseconds; what was before is no news. */
  since: number;
  has(key: string): boolean;
  add(keys: readonly string[]): void;
  /** Takes over what another tab of this browser has seen. */
  adopt(): void;
  subscribe(listener: () => void): () => void;
  /** Changes with every change. */
  version(): number;
}

export const SEEN_KEY = "ws.inbox.seen";
/** The oldest are old news by then. */
const MOST = 1_000;

/** What somebody has looked at, kept in the browser. */
export function createSeen(storage: Pick<Storage, "getItem" | "setItem">, now: () => number): Seen {
  const listeners = new Set<() => void>();
  let version = 0;
  let state = read() ?? { since: now(), keys: [] as readonly string[] };
  if (read() === undefined) write();
  return {
    get since() {
      return state.since;
    },
    has: (key) => state.keys.includes(key),
    add(keys) {
      const fresh = keys.filter((key) => !state.keys.includes(key));
      if (fresh.length === 0) return;
      state = { ...state, keys: [...state.keys, ...fresh].slice(-MOST) };
      write();
      tell();
    },
    adopt() {
      state = read() ?? state;
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    version: () => version,
  };

  function tell(): void {
    version += 1;
    for (const listener of listeners) listener();
  }

  function write(): void {
    try {
      storage.setItem(SEEN_KEY, JSON.stringify(state));
    } catch {
      // A full storage forgets it with the page.
    }
  }

  function read(): { since: number; keys: readonly string[] } | undefined {
    try {
      const { since, keys }: { since?: unknown; keys?: unknown } = JSON.parse(storage.getItem(SEEN_KEY) ?? "{}");
      if (typeof since !== "number" || !Array.isArray(keys)) return undefined;
      return { since, keys: keys.filter((key) => typeof key === "string") };
    } catch {
      return undefined;
    }
  }
}
