import { useEffect, useState } from "react";
import type { Actions } from "../keys.ts";
import { useApp, type Place } from "../state/app-context.ts";

/** Which of some rows is meant. */
export interface Selection<T> {
  readonly items: readonly T[];
  readonly idOf: (item: T) => string;
  readonly index: number;
  /** Undefined where there are no rows. */
  readonly item: T | undefined;
  select(item: T): void;
  /** So many rows down, as far as there are any. */
  move(by: number): void;
  readonly keys: Actions<"rows">;
  /** Says how many rows are seen at once; whoever draws them knows. */
  setSeen(count: number): void;
}

/** Stays with the same row while others come and go, and while another screen is above this one; and where it was when that row goes. */
export function useSelection<T>(items: readonly T[], idOf: (item: T) => string): Selection<T> {
  const app = useApp();
  const [kept] = useState(() => app.place());
  const [place, setPlace] = useState<Place>(() => kept.get() ?? { id: undefined, index: 0 });
  useEffect(() => kept.set(place), [kept, place]);
  const [seen, setSeen] = useState(1);
  const index = indexOf(place, items, idOf);
  const item = items[index];
  const id = item === undefined ? place.id : idOf(item);
  if (place.index !== index || place.id !== id) setPlace({ id, index });
  const move = (by: number): void => {
    // Several may come before it is drawn again.
    setPlace((before) => {
      const next = within(indexOf(before, items, idOf) + by, items);
      const there = items[next];
      return there === undefined ? before : { id: idOf(there), index: next };
    });
  };
  return {
    items,
    idOf,
    index,
    item,
    select: (wanted) => setPlace({ id: idOf(wanted), index: items.indexOf(wanted) }),
    move,
    setSeen,
    keys: {
      up: () => move(-1),
      down: () => move(1),
      pageUp: () => move(-seen),
      pageDown: () => move(seen),
      first: () => move(-Infinity),
      last: () => move(Infinity),
    },
  };
}

function indexOf<T>(place: Place, items: readonly T[], idOf: (item: T) => string): number {
  const found = items.findIndex((item) => idOf(item) === place.id);
  return within(found === -1 ? place.index : found, items);
}

function within(index: number, { length }: readonly unknown[]): number {
  return Math.max(0, Math.min(index, length - 1));
}
