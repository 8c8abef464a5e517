import { panesOf, type Divider, type Place } from "./layout.ts";

/** In shares of the whole, 0 to 1. */
export interface Rectangle {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Where two sides of a split meet. */
export interface Border extends Divider {
  axis: "row" | "column";
  share: number;
  /** What both sides have together, in which `share` is measured. */
  within: Rectangle;
}

export const WHOLE: Rectangle = { left: 0, top: 0, width: 1, height: 1 };

export interface Panes {
  panes: ReadonlyMap<string, Rectangle>;
  borders: readonly Border[];
}

/** Where each terminal of a tab is, and what lies between them. */
export function rectanglesOf(place: Place, within: Rectangle = WHOLE): Panes {
  if (typeof place === "string") return { panes: new Map([[place, within]]), borders: [] };
  const { axis, share } = place;
  const { left, top, width, height } = within;
  const first = axis === "row" ? { ...within, width: width * share } : { ...within, height: height * share };
  const second =
    axis === "row"
      ? { ...within, left: left + first.width, width: width - first.width }
      : { ...within, top: top + first.height, height: height - first.height };
  const [one, two] = [rectanglesOf(place.first, first), rectanglesOf(place.second, second)];
  const border = {
    axis,
    share,
    within,
    first: panesOf(place.first)[0] ?? "",
    second: panesOf(place.second)[0] ?? "",
  };
  return { panes: new Map([...one.panes, ...two.panes]), borders: [border, ...one.borders, ...two.borders] };
}

export type Direction = "left" | "right" | "up" | "down";

/** The pane that is reached by going that way from one: of those that touch it, the one that lies nearest its middle. */
export function neighbourOf(place: Place, terminal: string, direction: Direction): string | undefined {
  const { panes } = rectanglesOf(place);
  const from = panes.get(terminal);
  if (from === undefined) return undefined;
  const sideways = direction === "left" || direction === "right";
  const [edge, touching] = {
    left: [from.left, (to: Rectangle) => to.left + to.width],
    right: [from.left + from.width, (to: Rectangle) => to.left],
    up: [from.top, (to: Rectangle) => to.top + to.height],
    down: [from.top + from.height, (to: Rectangle) => to.top],
  }[direction] as [number, (to: Rectangle) => number];
  const middle = (at: Rectangle) => (sideways ? at.top + at.height / 2 : at.left + at.width / 2);
  const overlap = (to: Rectangle) =>
    sideways
      ? Math.min(from.top + from.height, to.top + to.height) - Math.max(from.top, to.top)
      : Math.min(from.left + from.width, to.left + to.width) - Math.max(from.left, to.left);
  return [...panes]
    .filter(([other, to]) => other !== terminal && Math.abs(touching(to) - edge) < TINY && overlap(to) > TINY)
    .toSorted(([, a], [, b]) => Math.abs(middle(a) - middle(from)) - Math.abs(middle(b) - middle(from)))[0]?.[0];
}

/** What shares lose in being added up. */
const TINY = 1e-9;
