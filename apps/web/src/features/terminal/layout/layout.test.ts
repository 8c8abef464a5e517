import fc from "fast-check";
import { expect, test } from "vitest";
import { createKeptLayouts } from "./kept-layouts.ts";
import {
  afterwards,
  detached,
  focused,
  joined,
  maximised,
  moved,
  panesOf,
  removed,
  resized,
  settled,
  split,
  terminalsOf,
  type Layout,
} from "./layout.ts";
import { neighbourOf, rectanglesOf, type Direction } from "./rectangles.ts";

const tabs = (layout: Layout) => layout.map(({ place }) => panesOf(place).join("+"));
/** a | (b over c), and d in a tab of its own. */
const four = split(split(settled([], ["a", "d"]), "a", "row", "b"), "b", "column", "c");

const id = fc.constantFrom<string>("a", "b", "c", "d", "e", "f");
const direction = fc.constantFrom<Direction>("left", "right", "up", "down");
type Step = (layout: Layout) => Layout;
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(id, fc.constantFrom("row" as const, "column" as const), id).map(
    ([at, axis, of]): Step =>
      (layout) =>
        terminalsOf(layout).includes(of) ? split(layout, at, axis, of) : layout,
  ),
  id.map(
    (of): Step =>
      (layout) =>
        focused(layout, of),
  ),
  id.map(
    (of): Step =>
      (layout) =>
        detached(layout, of),
  ),
  fc.tuple(id, id, fc.constantFrom("left" as const, "right" as const, "up" as const, "down" as const)).map(
    ([of, at, side]): Step =>
      (layout) =>
        joined(layout, of, at, side),
  ),
  fc.tuple(id, fc.boolean()).map(
    ([of, on]): Step =>
      (layout) =>
        maximised(layout, of, on),
  ),
  fc.tuple(id, fc.integer({ min: -2, max: 9 })).map(
    ([of, to]): Step =>
      (layout) =>
        moved(layout, of, to),
  ),
  fc.tuple(id, id, fc.double({ noNaN: true })).map(
    ([first, second, share]): Step =>
      (layout) =>
        resized(layout, { first, second }, share),
  ),
);
const layouts = fc
  .tuple(fc.uniqueArray(id), fc.array(step, { maxLength: 30 }))
  .map(([ids, steps]) => ({ ids, layout: steps.reduce((layout, change) => change(layout), settled([], ids)) }));

test("No sequence of operations loses a terminal or shows one twice, and every tab has its focus among its panes", () => {
  fc.assert(
    fc.property(layouts, ({ ids, layout }) => {
      expect(terminalsOf(layout).toSorted()).toEqual(ids.toSorted());
      for (const group of layout) {
        expect(panesOf(group.place)).toContain(group.focus);
        if (group.maximised) expect(panesOf(group.place).length).toBeGreaterThan(1);
      }
    }),
  );
});

test("What is listed anew is shown once each: the gone are gone, the new come last, the others stay in order", () => {
  fc.assert(
    fc.property(layouts, fc.uniqueArray(id), ({ layout }, listed) => {
      const next = settled(layout, listed);
      const stay = terminalsOf(layout).filter((terminal) => listed.includes(terminal));
      const added = listed.filter((terminal) => !stay.includes(terminal));
      expect(terminalsOf(next)).toEqual([...stay, ...added]);
    }),
  );
});

test("The panes of a tab cover all of it and never each other", () => {
  fc.assert(
    fc.property(layouts, ({ layout }) => {
      for (const { place } of layout) {
        const { panes, borders } = rectanglesOf(place);
        const all = [...panes.values()];
        expect(all.reduce((sum, { width, height }) => sum + width * height, 0)).toBeCloseTo(1);
        expect(borders).toHaveLength(all.length - 1);
        for (const one of all) {
          for (const other of all) {
            if (one === other) continue;
            const wide = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
            const high = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
            expect(wide < 1e-9 || high < 1e-9).toBe(true);
          }
        }
      }
    }),
  );
});

test("A tab goes into a pane of another as it is, at the side that was asked for, and has the focus there", () => {
  const beside = joined(four, "d", "b", "left");
  expect(tabs(beside)).toEqual(["a+d+b+c"]);
  expect(neighbourOf(beside[0]?.place ?? "", "d", "right")).toBe("b");
  expect(beside[0]?.focus).toBe("d");
  // All panes of it come along.
  const below = joined(four, "c", "d", "down");
  expect(tabs(below)).toEqual(["d+a+b+c"]);
  expect(neighbourOf(below[0]?.place ?? "", "d", "down")).toBe("a");
  expect(joined(four, "a", "c", "up")).toBe(four);
  expect(joined(four, "a", "gone", "up")).toBe(four);
});

test("Where one pane has a neighbour, that has one the other way", () => {
  const back = { left: "right", right: "left", up: "down", down: "up" } as const;
  // A tab of one pane has none: what is proven must not be proven of nothing.
  expect(neighbourOf(four[0]?.place ?? "", "a", "right")).toBe("b");
  fc.assert(
    fc.property(layouts, direction, ({ layout }, way) => {
      for (const { place } of layout) {
        for (const pane of panesOf(place)) {
          const next = neighbourOf(place, pane, way);
          if (next !== undefined) expect(neighbourOf(place, next, back[way])).toBeDefined();
        }
      }
    }),
  );
});

test("The focus goes to what is seen in that direction, and no further than the edge", () => {
  const [group] = four;
  const go = (from: string, way: Direction) => neighbourOf(group?.place ?? "", from, way);
  expect([go("b", "left"), go("c", "left"), go("b", "down"), go("c", "up")]).toEqual(["a", "a", "c", "b"]);
  expect([go("a", "left"), go("a", "up"), go("c", "down"), go("c", "right")]).toEqual(Array(4).fill(undefined));
});

test("A closed pane leaves its place and the focus to its neighbour, a closed tab to nobody", () => {
  expect(tabs(four)).toEqual(["a+b+c", "d"]);
  expect(removed(four, "c")[0]).toEqual({
    place: { axis: "row", share: 0.5, first: "a", second: "b" },
    focus: "b",
    maximised: false,
  });
  expect(tabs(removed(removed(four, "d"), "a"))).toEqual(["b+c"]);
});

test("After a pane its neighbour is seen, after a tab the one beside it", () => {
  const three = settled(four, ["a", "b", "c", "d", "e"]);
  expect(afterwards(three, ["c"], "c")).toBe("b");
  expect(afterwards(three, ["a", "b", "c"], "b")).toBe("d");
  expect(afterwards(three, ["e"], "e")).toBe("d");
  expect(afterwards(three, ["e"], "d")).toBe("d");
  expect(afterwards(settled([], ["a"]), ["a"], "a")).toBeUndefined();
});

test("A pane gets a tab of its own behind the one it was in; a tab is moved with all its panes", () => {
  expect(tabs(detached(four, "b"))).toEqual(["a+c", "b", "d"]);
  expect(tabs(moved(four, "c", 1))).toEqual(["d", "a+b+c"]);
  expect(moved(four, "d", 7)).toBe(four);
});

test("A maximised pane is so until another has the focus", () => {
  const large = maximised(four, "b", true);
  expect(large[0]).toMatchObject({ focus: "b", maximised: true });
  expect(focused(large, "a")[0]).toMatchObject({ focus: "a", maximised: false });
  expect(maximised(four, "d", true)[1]?.maximised).toBe(false);
});

test("A share stays where both sides can be seen", () => {
  const share = (wanted: number) => {
    const place = resized(four, { first: "a", second: "b" }, wanted)[0]?.place;
    return typeof place === "object" ? place.share : undefined;
  };
  expect([share(0.3), share(-1), share(2)]).toEqual([0.3, 0.1, 0.9]);
});

function stored(text: string | null = null) {
  let value = text;
  return {
    getItem: () => value,
    setItem: (_key: string, next: string) => void (value = next),
  };
}

test("A layout is the same after a reload, and each workspace has its own", () => {
  fc.assert(
    fc.property(layouts, ({ layout }) => {
      const storage = stored();
      createKeptLayouts(storage).set("one", layout);
      createKeptLayouts(storage).set("two", settled([], ["x"]));
      expect(createKeptLayouts(storage).get("one")).toEqual(layout);
    }),
  );
});

test("The layouts of a hundred workspaces are kept, those that were changed last", () => {
  const kept = createKeptLayouts(stored());
  for (let at = 0; at <= 100; at += 1) kept.set(`w${at}`, settled([], ["a"]));
  expect([kept.get("w0"), kept.get("w1")]).toEqual([[], settled([], ["a"])]);
});

test("Whatever lies in the storage is read as a layout of nothing twice, and a full one loses nothing that is shown", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      for (const kept of [
        text,
        `[["w",${text}]]`,
        `[["w",[{"place":${text}}]]]`,
        `[["w",[{"place":"a"},{"place":"a"}]]]`,
      ]) {
        const all = terminalsOf(createKeptLayouts(stored(kept)).get("w"));
        expect(new Set(all).size).toBe(all.length);
      }
    }),
  );
  expect(createKeptLayouts(stored("{")).get("w")).toEqual([]);
  const full = {
    getItem: () => null,
    setItem() {
      throw new DOMException("full", "QuotaExceededError");
    },
  };
  expect(() => createKeptLayouts(full).set("w", four)).not.toThrow();
});
