/** What of a pressed key counts. */
export interface PressedKey {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** How long the second key of two may take. */
const PAUSE_MS = 1_500;

export interface KeySequence {
  /** Takes a key and gives those of `known` that are now complete, or undefined; `g` alone only begins `g t`. */
  press(pressed: PressedKey, known: Iterable<string>): string | undefined;
}

/** Puts keys that are pressed one after the other together. */
export function createKeySequence(now: () => number): KeySequence {
  let begun: { key: string; at: number } | undefined;
  return {
    press({ key, ctrlKey, metaKey, altKey }, known) {
      const before = begun !== undefined && now() - begun.at <= PAUSE_MS ? begun.key : undefined;
      // A modifier that goes down is no key by itself.
      if (key === "Shift") return undefined;
      begun = undefined;
      if (ctrlKey || metaKey || altKey || key.length !== 1) return undefined;
      const all = [...known];
      const both = before === undefined ? undefined : `${before} ${key}`;
      if (both !== undefined && all.includes(both)) return both;
      if (all.includes(key)) return key;
      if (all.some((keys) => keys.startsWith(`${key} `))) begun = { key, at: now() };
      return undefined;
    },
  };
}
