import type { ComponentType } from "react";

/** One thing that can be done in the dashboard, as the command palette offers it and keys do it. */
export interface Verb {
  /** Its name for good: what was used lately is remembered by it. */
  id: string;
  /** In few words, as a button would say it. */
  label: string;
  /** The heading that it stands under: "Go to", or the name of what it is about. */
  group: string;
  /** What it is found by besides. */
  words?: string;
  /** What stands beside it: the state, the address. */
  detail?: string;
  icon?: ComponentType<{ className?: string }>;
  /** The key or keys that do it outside of fields: `n`, `?`, or one after the other: `g t`. */
  keys?: string;
  /** Why it cannot be done now. */
  disabled?: string;
  /** Too many of its kind to be shown before something is typed. */
  searchedOnly?: true;
  run: () => void;
}

/** Asked whenever somebody looks for a verb or presses a key, so that it may depend on anything. */
export type VerbSource = () => readonly Verb[];

/** What can be done, from whoever is on the screen, and whether the palette or the sheet of keys is open. */
export interface VerbRegistry {
  /** Offers verbs until what is returned is called. Who listens is told, so that what comes late is found, too. */
  offer(source: VerbSource): () => void;
  /** All that is offered now; of one id the latest. */
  verbs(): Verb[];
  panel(): VerbPanel | undefined;
  show(panel: VerbPanel | undefined): void;
  subscribe(listener: () => void): () => void;
}

export type VerbPanel = "palette" | "keys";

export function createVerbRegistry(): VerbRegistry {
  const sources = new Set<VerbSource>();
  const listeners = new Set<() => void>();
  let panel: VerbPanel | undefined;
  const tell = () => {
    for (const listener of listeners) listener();
  };
  return {
    offer(source) {
      sources.add(source);
      tell();
      return () => sources.delete(source);
    },
    verbs() {
      const byId = new Map<string, Verb>();
      for (const source of sources) for (const verb of source()) byId.set(verb.id, verb);
      return [...byId.values()];
    },
    panel: () => panel,
    show(next) {
      if (next === panel) return;
      panel = next;
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
