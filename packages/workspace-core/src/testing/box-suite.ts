import { afterAll, beforeAll, describe } from "vitest";

import { channelTests } from "./box-suite/channels.ts";
import { hostileConfinedTests } from "./box-suite/confined-hostile.ts";
import { modelTests } from "./box-suite/confined-model.ts";
import { plainConfinedTests } from "./box-suite/confined-plain.ts";
import { swapTests } from "./box-suite/confined-swaps.ts";
import { confinedTests } from "./box-suite/confined.ts";
import { closingTests } from "./box-suite/closing.ts";
import { endingTests } from "./box-suite/ending.ts";
import { fileTests } from "./box-suite/files.ts";
import { flowTests } from "./box-suite/flow.ts";
import { groupTests } from "./box-suite/groups.ts";
import { plainFileTests } from "./box-suite/plain-files.ts";
import { plainRunTests } from "./box-suite/plain-runs.ts";
import { ptyTests } from "./box-suite/pty.ts";
import { runTests } from "./box-suite/run.ts";
import { socketFileTests } from "./box-suite/socket-files.ts";
import type { BoxUnderTest } from "./box-suite/under-test.ts";
import { plainWatchTests, watchTests } from "./box-suite/watching.ts";
import { writingTests } from "./box-suite/writing.ts";

/**
 * What every Box must do, on one place that `open` makes and its dispose removes. Needs a place with a POSIX shell
 * and the usual programs. A Box that lists a feature as missing must refuse it with `box_feature_missing`.
 */
export function boxSuite(title: string, open: () => Promise<BoxUnderTest>): void {
  onOnePlace(title, open, (current) => {
    plainTests(current);
    runTests(current);
    flowTests(current);
    endingTests(current);
    groupTests(current);
    ptyTests(current);
    channelTests(current);
    socketFileTests(current);
    confinedTests(current);
    modelTests(current);
    swapTests(current);
    fileTests(current);
    writingTests(current);
    watchTests(current);
  });
}

/** The part of it that a Box without real processes passes too; its place has `cat`, `true`, `false` and `sleep`. */
export function plainBoxSuite(title: string, open: () => Promise<BoxUnderTest>): void {
  onOnePlace(title, open, plainTests);
}

function plainTests(current: () => BoxUnderTest): void {
  plainRunTests(current);
  plainFileTests(current);
  plainConfinedTests(current);
  hostileConfinedTests(current);
  plainWatchTests(current);
  closingTests(current);
}

function onOnePlace(
  title: string,
  open: () => Promise<BoxUnderTest>,
  tests: (current: () => BoxUnderTest) => void,
): void {
  describe(`${title} is a box`, () => {
    let place: BoxUnderTest;
    beforeAll(async () => {
      place = await open();
    });
    afterAll(async () => {
      await (place as BoxUnderTest | undefined)?.[Symbol.asyncDispose]();
    });
    tests(() => place);
  });
}
