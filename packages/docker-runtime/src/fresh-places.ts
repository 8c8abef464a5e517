import type { Clock, Place, WorkspaceId } from "@ws/workspace-core";

/** Places as our own last step left them, so that the next one, a moment later, need not ask the engine for them. */
export interface FreshPlaces {
  put(place: Place): void;
  /** What was put a moment ago, once, if it is in this state. */
  take(id: WorkspaceId, power: Place["power"]): Place | undefined;
  forget(id: WorkspaceId): void;
}

/** Longer than from one step of a create to the next, shorter than from one command of a person to the next. */
const FRESH_MS = 2_000;

export function createFreshPlaces(clock: Clock): FreshPlaces {
  const places = new Map<WorkspaceId, { place: Place; at: number }>();
  return {
    put(place) {
      places.set(place.id, { place, at: clock.monotonic() });
    },
    take(id, power) {
      const found = places.get(id);
      places.delete(id);
      if (found === undefined || clock.monotonic() - found.at > FRESH_MS) return undefined;
      return found.place.power === power ? found.place : undefined;
    },
    forget: (id) => void places.delete(id),
  };
}
