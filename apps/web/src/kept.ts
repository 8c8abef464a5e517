/** What a person has begun to write, by the place it belongs to. It lasts as long as the tab, so that going elsewhere loses nothing. */
export interface Kept {
  get(place: string): unknown;
  /** `undefined` forgets it. */
  set(place: string, value: unknown): void;
  clear(): void;
  subscribe(listener: () => void): () => void;
}

export function createKept(): Kept {
  const listeners = new Set<() => void>();
  const values = new Map<string, unknown>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    get: (place) => values.get(place),
    set(place, value) {
      if (value === undefined) values.delete(place);
      else values.set(place, value);
      tell();
    },
    clear() {
      values.clear();
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
