import fc from "fast-check";
import { expect, test } from "vitest";
import { contrast } from "../components/output/colours.ts";
import { createTerminalLook, fontFamilyOf, initialLook, LOOK_KEY, SCHEME_NAMES } from "./look.ts";
import { foundColours, schemeOf, xtermTheme } from "./schemes.ts";

function storageWith(text?: string) {
  const values = new Map(text === undefined ? [] : [[LOOK_KEY, text]]);
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
}

const rgb = (hex: string) =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];

test.each(SCHEME_NAMES)(
  "The text of %s can be read on its ground, selected and found as well, and its cursor is seen",
  (name) => {
    for (const theme of ["light", "dark"] as const) {
      const scheme = schemeOf(name, theme);
      const { every, one, edge } = foundColours(scheme);
      const selected = xtermTheme(scheme).selectionBackground ?? "";
      const ratios = [scheme.ground, every, one, selected].map((ground) => contrast(rgb(scheme.ink), rgb(ground)));
      expect(ratios[0]).toBeGreaterThanOrEqual(4.5);
      // xterm makes letters stronger where what lies behind them is marked.
      for (const ratio of ratios) expect(ratio).toBeGreaterThanOrEqual(3);
      expect(contrast(rgb(scheme.cursor), rgb(scheme.ground))).toBeGreaterThanOrEqual(3);
      expect(contrast(rgb(edge), rgb(scheme.ground))).toBeGreaterThanOrEqual(3);
      expect(scheme.colours).toHaveLength(16);
      for (const colour of Object.values(xtermTheme(scheme))) expect(colour).toMatch(/^#[0-9a-f]{6}$/);
    }
  },
);

test("What is chosen is told at once and still there after a reload; the rest follows what is given", () => {
  const storage = storageWith();
  const store = createTerminalLook({ storage, narrow: false });
  const told: number[] = [];
  store.subscribe(() => told.push(store.look().size));
  store.change({ size: 18, scheme: "nord" });
  expect(told).toEqual([18]);
  expect(createTerminalLook({ storage, narrow: true }).look()).toEqual({
    ...initialLook(true),
    size: 18,
    scheme: "nord",
  });
  store.reset();
  expect(createTerminalLook({ storage, narrow: false }).look()).toEqual(initialLook(false));
});

test("Whatever was kept, the look is one that can be read", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc.string(),
        fc.record({ size: fc.anything(), scheme: fc.anything() }).map((kept) => JSON.stringify(kept)),
      ),
      (text) => {
        const { size, scheme, scrollback } = createTerminalLook({ storage: storageWith(text), narrow: false }).look();
        expect(size).toBeGreaterThanOrEqual(8);
        expect(size).toBeLessThanOrEqual(28);
        expect(SCHEME_NAMES).toContain(scheme);
        expect(Number.isInteger(scrollback)).toBe(true);
      },
    ),
  );
});

test("A storage that takes nothing stops no change", () => {
  const full = {
    ...storageWith(),
    setItem() {
      throw new DOMException("full", "QuotaExceededError");
    },
  };
  const store = createTerminalLook({ storage: full, narrow: false });
  store.change({ lineHeight: 9 });
  expect(store.look().lineHeight).toBe(1.8);
});

test("The name of a font is one name, whatever was typed", () => {
  const family = (fontName: string) => fontFamilyOf({ ...initialLook(false), font: "other", fontName }, "monospace");
  expect(family("Fira Code")).toBe('"Fira Code", monospace');
  expect(family('x", url(evil); \\')).toBe('"x urlevil", monospace');
  expect(family(" ")).toBe("monospace");
});
