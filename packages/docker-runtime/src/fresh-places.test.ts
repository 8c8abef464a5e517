import type { Place } from "@ws/workspace-core";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";

import { createFreshPlaces } from "./fresh-places.ts";

const place: Place = { id: "ws-a", name: "a", handle: "container", power: "stopped", createdAt: 0 };

test("a place is known to the next step, once, and only in the state that it was left in", () => {
  const fresh = createFreshPlaces(createManualClock());
  fresh.put(place);
  expect(fresh.take("ws-a", "stopped")).toEqual(place);
  expect(fresh.take("ws-a", "stopped")).toBeUndefined();
  fresh.put(place);
  expect(fresh.take("ws-a", "running")).toBeUndefined();
});

test("a place is not known any more after a while, or after somebody changed it", async () => {
  const clock = createManualClock();
  const fresh = createFreshPlaces(clock);
  fresh.put(place);
  clock.advance(2_001);
  expect(fresh.take("ws-a", "stopped")).toBeUndefined();
  fresh.put(place);
  fresh.forget("ws-a");
  expect(fresh.take("ws-a", "stopped")).toBeUndefined();
});
