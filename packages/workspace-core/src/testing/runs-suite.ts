import { afterAll, beforeAll, describe } from "vitest";

import { createRuns } from "../runs/create-runs.ts";
import type { Runs } from "../runs/runs.ts";
import { clock } from "./terminals-suite/driving.ts";
import { endingTests } from "./runs-suite/ending.ts";
import { givenTests } from "./runs-suite/given.ts";
import { hostileRunTests } from "./runs-suite/hostile.ts";
import { keepingTests } from "./runs-suite/keeping.ts";
import { plainTests } from "./runs-suite/plain.ts";
import type { RunsPlace } from "./runs-suite/runs-place.ts";
import { survivalTests } from "./runs-suite/survival.ts";

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
