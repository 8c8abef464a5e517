import { afterAll, beforeAll, describe } from "vitest";

import type { Box } from "../ports.ts";
import { createRuns } from "../runs/create-runs.ts";
import type { Runs } from "../runs/runs.ts";
import type { BoxUnderTest } from "./box-suite/under-test.ts";
import { clock } from "./terminals-suite/driving.ts";
import { endingTests } from "./runs-suite/ending.ts";
import { givenTests } from "./runs-suite/given.ts";
import { hostileRunTests } from "./runs-suite/hostile.ts";
import { keepingTests } from "./runs-suite/keeping.ts";
import { plainTests } from "./runs-suite/plain.ts";
import { survivalTests } from "./runs-suite/survival.ts";

/** A place that can be stopped under its runs. */
export interface RunsPlace extends BoxUnderTest {
  /** How many runs live through the kill of an agent; 8 where absent. */
  readonly many?: number;
  /** Stops it, starts it, and opens a Box into it, which the suite disposes of. */
  restart(): Promise<Box>;
  /** Has an agent in a process of its own do `startDoomedRuns`, and kills it once it has. */
  killAgent(ids: readonly string[], code: string): Promise<void>;
}

/**
 * What runs must do on a place that `open` makes and its dispose removes. Needs a place with a POSIX shell and the usual programs. Its last test
 * stops the place.
 */
export function runsSuite(title: string, open: () => Promise<RunsPlace>): void {
  describe(`${title} holds runs`, () => {
    let place: RunsPlace;
    beforeAll(async () => {
      place = await open();
    });
    afterAll(async () => {
      await (place as RunsPlace | undefined)?.[Symbol.asyncDispose]();
    });
    const current = (): RunsPlace => place;

    plainTests(() => createRuns(place.box, { clock }));
    givenTests(current);
    keepingTests(current);
    endingTests(current);
    hostileRunTests(current);
    survivalTests(current);
  });
}

/** The part of it that runs without real processes pass too; they have `printf`, `cat`, `true`, `false` and `sleep`. */
export function plainRunsSuite(title: string, open: () => Runs): void {
  describe(`${title} are runs`, () => {
    plainTests(open);
  });
}
