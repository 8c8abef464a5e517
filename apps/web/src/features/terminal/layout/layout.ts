/** A terminal by its id, or two places beside or below each other, of which the first has `share` (0 to 1). */
export type Place = string | Split;

export interface Split {
  axis: "row" | "column";
  share: number;
  first: Place;
  second: Place;
}

/** What one tab shows. */
export interface Group {
  place: Place;
  /** The pane that has, or had, the focus. */
  focus: string;
  /** Whether that one covers the others. */
  maximised: boolean;
}

/** The tabs of a workspace, in their order. Every terminal is in one place of one tab. */
export type Layout = readonly Group[];

export const SMALLEST_SHARE = 0.1;

/** All terminals, in the order in which they are read. */
export function terminalsOf(layout: Layout): string[] {
  return layout.flatMap(({ place }) => panesOf(place));
}

export function panesOf(place: Place): string[] {
  return typeof place === "string" ? [place] : [...panesOf(place.first), ...panesOf(place.second)];
}

export function groupOf(layout: Layout, terminal: string | undefined): Group | undefined {
  return layout.find(({ place }) => terminal !== undefined && panesOf(place).includes(terminal));
}

/** The same layout of just these terminals: those that are gone leave their place to their neighbour, new ones get a tab each at the end. */
export function settled(layout: Layout, terminals: readonly string[]): Layout {
  const there = new Set(terminals);
  const before = terminalsOf(layout);
  const gone = before.filter((terminal) => !there.has(terminal));
  const known = new Set(before);
  const added = [...there].filter((terminal) => !known.has(terminal));
  if (gone.length === 0 && added.length === 0) return layout;
  return [...gone.reduce(removed, layout), ...added.map(alone)];
}

/** Puts a terminal beside or below another; one that is there already moves. */
export function split(layout: Layout, at: string, axis: Split["axis"], terminal: string): Layout {
  if (at === terminal || groupOf(layout, at) === undefined) return layout;
  return removed(layout, terminal).map((group) =>
    panesOf(group.place).includes(at)
      ? {
          place: replaced(group.place, at, { axis, share: 0.5, first: at, second: terminal }),
          focus: terminal,
          maximised: false,
        }
      : group,
  );
}

/** At which edge of a pane something is put. */
export type Side = "left" | "right" | "up" | "down";

/** Puts all of a tab, which is named by one of its terminals, into a pane of another tab, at a side of what is there. */
export function joined(layout: Layout, terminal: string, at: string, side: Side): Layout {
  const [from, to] = [groupOf(layout, terminal), groupOf(layout, at)];
  if (from === undefined || to === undefined || from === to) return layout;
  const axis = side === "left" || side === "right" ? "row" : "column";
  const isFirst = side === "left" || side === "up";
  const [first, second] = isFirst ? [from.place, at] : [at, from.place];
  const place = replaced(to.place, at, { axis, share: 0.5, first, second });
  return layout
    .filter((group) => group !== from)
    .map((group) => (group === to ? { place, focus: from.focus, maximised: false } : group));
}

/** Without a terminal, whose place its neighbour gets, and the focus with it. */
export function removed(layout: Layout, terminal: string): Layout {
  return layout.flatMap((group) => {
    const panes = panesOf(group.place);
    const at = panes.indexOf(terminal);
    if (at < 0) return [group];
    const place = without(group.place, terminal);
    if (place === undefined) return [];
    const covers = group.maximised && typeof place !== "string";
    if (group.focus !== terminal) return [{ ...group, place, maximised: covers }];
    return [{ place, focus: panes[at === 0 ? 1 : at - 1] ?? "", maximised: false }];
  });
}

/** Which terminal is to be seen once these are gone: what takes the place of the one that was, or else the tab beside it. */
export function afterwards(layout: Layout, gone: readonly string[], active: string): string | undefined {
  const rest = gone.reduce(removed, layout);
  if (!gone.includes(active)) return active;
  const group = groupOf(layout, active);
  const panes = group === undefined ? [] : panesOf(group.place);
  const same = rest.find(({ place }) => panesOf(place).some((pane) => panes.includes(pane)));
  const at = group === undefined ? 0 : layout.indexOf(group);
  return (same ?? rest[Math.min(at, rest.length - 1)])?.focus;
}

export function focused(layout: Layout, terminal: string): Layout {
  return changed(layout, terminal, (group) =>
    // What is covered cannot be in use.
    group.focus === terminal ? group : { ...group, focus: terminal, maximised: false },
  );
}

/** Has a pane cover the others of its tab, or no longer. */
export function maximised(layout: Layout, terminal: string, on: boolean): Layout {
  return changed(layout, terminal, (group) => ({
    ...group,
    focus: terminal,
    maximised: on && typeof group.place !== "string",
  }));
}

/** Gives the split of which `first` and `second` are the first terminals another share. */
export function resized(layout: Layout, { first, second }: Divider, share: number): Layout {
  const bounded = Math.min(1 - SMALLEST_SHARE, Math.max(SMALLEST_SHARE, share));
  const walk = (place: Place): Place => {
    if (typeof place === "string") return place;
    if (panesOf(place.first)[0] === first && panesOf(place.second)[0] === second) return { ...place, share: bounded };
    return { ...place, first: walk(place.first), second: walk(place.second) };
  };
  return changed(layout, first, (group) => ({ ...group, place: walk(group.place) }));
}

/** Puts the tab of a terminal where another tab is, counted from 0. */
export function moved(layout: Layout, terminal: string, to: number): Layout {
  const group = groupOf(layout, terminal);
  if (group === undefined) return layout;
  const others = layout.filter((other) => other !== group);
  const at = Math.min(others.length, Math.max(0, to));
  return layout[at] === group ? layout : others.toSpliced(at, 0, group);
}

/** Gives a pane a tab of its own, behind the one it was in. */
export function detached(layout: Layout, terminal: string): Layout {
  const group = groupOf(layout, terminal);
  if (group === undefined || typeof group.place === "string") return layout;
  return removed(layout, terminal).toSpliced(layout.indexOf(group) + 1, 0, alone(terminal));
}

/** Names a split of a tab by the first terminals of both its sides. */
export interface Divider {
  first: string;
  second: string;
}

export function alone(terminal: string): Group {
  return { place: terminal, focus: terminal, maximised: false };
}

function changed(layout: Layout, terminal: string, change: (group: Group) => Group): Layout {
  const group = groupOf(layout, terminal);
  if (group === undefined) return layout;
  const next = change(group);
  return next === group ? layout : layout.map((other) => (other === group ? next : other));
}

function replaced(place: Place, terminal: string, by: Place): Place {
  if (typeof place === "string") return place === terminal ? by : place;
  return { ...place, first: replaced(place.first, terminal, by), second: replaced(place.second, terminal, by) };
}

function without(place: Place, terminal: string): Place | undefined {
  if (typeof place === "string") return place === terminal ? undefined : place;
  const [first, second] = [without(place.first, terminal), without(place.second, terminal)];
  if (first === undefined || second === undefined) return first ?? second;
  return { ...place, first, second };
}
