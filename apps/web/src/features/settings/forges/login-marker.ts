const KEY = "ws.settings.login";
/** The worker keeps a login that nobody looks at for a minute. */
const KEPT_MS = 55_000;

/** Remembers in this tab that a login was under way when its page was left, so that the page which comes next goes on with it. */
export interface LoginMarker {
  /** Whether one is still there to go on with; asked once. */
  take(): boolean;
  leave(): void;
}

export function createLoginMarker(
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
  now: () => number,
): LoginMarker {
  return {
    take() {
      const until = Number(storage.getItem(KEY) ?? 0);
      storage.removeItem(KEY);
      return until > now();
    },
    leave: () => storage.setItem(KEY, String(now() + KEPT_MS)),
  };
}
