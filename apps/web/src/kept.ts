/** What a person has begun to write, by the place it belongs to. It lasts as long as the tab, so that going elsewhere loses nothing. */
export interface Kept {
  get(place: string): unknown;
  /** `undefined` forgets it. `isWork` says that it is to be asked about before it is lost. */
  set(place: string, value: unknown, isWork?: boolean): void;
  /** How many of them are work. */
  works(): number;
  clear(): void;
  subscribe(listener: () => void): () => void;
}

export function createKept(): Kept {
  const listeners = new Set<() => void>();
  const values = new Map<string, unknown>();
  const works = new Set<string>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    get: (place) => values.get(place),
    set(place, value, isWork = false) {
      if (value === undefined) values.delete(place);
      else values.set(place, value);
      if (isWork && value !== undefined) works.add(place);
      else works.delete(place);
      tell();
    },
    works: () => works.size,
    clear() {
      values.clear();
      works.clear();
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
