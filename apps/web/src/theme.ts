export type ThemeChoice = "system" | "light" | "dark";
export type Theme = "light" | "dark";

export interface ThemeStore {
  choice(): ThemeChoice;
  /** What is shown: the choice, or the system's where that is the choice. */
  shown(): Theme;
  choose(choice: ThemeChoice): void;
  subscribe(listener: () => void): () => void;
}

export interface ThemeOptions {
  storage: Pick<Storage, "getItem" | "setItem">;
  systemDark: { readonly matches: boolean; addEventListener(type: "change", listener: () => void): void };
  /** Makes the page look so. */
  apply: (theme: Theme) => void;
}

/** Also read by public/theme.js before the first paint. */
const KEY = "ws.theme";

export function createTheme(options: ThemeOptions): ThemeStore {
  const { storage, systemDark, apply } = options;
  const listeners = new Set<() => void>();
  const stored = storage.getItem(KEY);
  let choice: ThemeChoice = stored === "light" || stored === "dark" ? stored : "system";
  const shown = (): Theme => (choice === "system" ? (systemDark.matches ? "dark" : "light") : choice);
  systemDark.addEventListener("change", changed);

  return {
    choice: () => choice,
    shown,
    choose(next) {
      choice = next;
      storage.setItem(KEY, next);
      changed();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  function changed(): void {
    apply(shown());
    for (const listener of listeners) listener();
  }
}
