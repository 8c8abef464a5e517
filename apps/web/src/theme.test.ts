import { expect, test } from "vitest";
import { createTheme, type Theme } from "./theme.ts";

function setup(stored: string | null, systemDark = false) {
  const kept = new Map<string, string>();
  const applied: Theme[] = [];
  let changed = () => {};
  const system = { matches: systemDark, addEventListener: (_: "change", listener: () => void) => (changed = listener) };
  const theme = createTheme({
    storage: { getItem: () => stored, setItem: (key, value) => void kept.set(key, value) },
    systemDark: system,
    apply: (next) => void applied.push(next),
  });
  return {
    theme,
    kept,
    applied,
    systemTurns(dark: boolean) {
      system.matches = dark;
      changed();
    },
  };
}

test("Without a choice the system decides, also when it changes its mind", () => {
  const { theme, applied, systemTurns } = setup(null, true);
  expect(theme.shown()).toBe("dark");
  systemTurns(false);
  expect(theme.shown()).toBe("light");
  expect(applied).toEqual(["light"]);
});

test("A choice is kept and holds against the system", () => {
  const { theme, kept, systemTurns } = setup(null);
  theme.choose("dark");
  systemTurns(false);
  expect(theme.shown()).toBe("dark");
  expect([...kept.values()]).toEqual(["dark"]);
  expect(setup("dark").theme.shown()).toBe("dark");
});

test("What somebody else wrote into the storage counts as no choice", () => {
  expect(setup("<img>").theme.choice()).toBe("system");
});
