/** What somebody who is away may be told of. */
export type NewsKind = "asks" | "limits" | "refused" | "failed" | "finished" | "checks";

const KINDS: readonly NewsKind[] = ["asks", "limits", "refused", "failed", "finished", "checks"];
/** In this browser alone: a phone may be told of less than a desk. */
export const CHOICES_KEY = "ws.notify.not";

export interface NewsChoices {
  wants(kind: NewsKind): boolean;
  choose(kind: NewsKind, wanted: boolean): void;
  /** Takes over what another tab of this browser chose. */
  adopt(): void;
  subscribe(listener: () => void): () => void;
  /** The same for as long as nothing is chosen anew. */
  unwanted(): ReadonlySet<NewsKind>;
}

/** Everything is wanted until somebody says otherwise. */
export function createNewsChoices(storage: Pick<Storage, "getItem" | "setItem">): NewsChoices {
  const listeners = new Set<() => void>();
  let unwanted = read();
  return {
    wants: (kind) => !unwanted.has(kind),
    choose(kind, wanted) {
      unwanted = new Set(KINDS.filter((one) => (one === kind ? !wanted : unwanted.has(one))));
      storage.setItem(CHOICES_KEY, [...unwanted].join(" "));
      tell();
    },
    adopt() {
      unwanted = read();
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    unwanted: () => unwanted,
  };

  function read(): ReadonlySet<NewsKind> {
    const stored = (storage.getItem(CHOICES_KEY) ?? "").split(" ");
    return new Set(KINDS.filter((kind) => stored.includes(kind)));
  }

  function tell(): void {
    for (const listener of listeners) listener();
  }
}
