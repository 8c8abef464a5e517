/** A value that others follow. */
export interface Store<S> {
  state(): S;
  subscribe(listener: () => void): () => void;
}

export function createStore<S>(initial: S): Store<S> & { set(next: S): void } {
  const listeners = new Set<() => void>();
  let state = initial;
  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set(next) {
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
  };
}
