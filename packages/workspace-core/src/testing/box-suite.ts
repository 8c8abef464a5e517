import { afterAll, beforeAll, describe } from "vitest";

import type { Box } from "../ports.ts";
import { channelTests } from "./box-suite/channels.ts";
import { closingTests } from "./box-suite/closing.ts";
import { endingTests } from "./box-suite/ending.ts";
import { fileTests } from "./box-suite/files.ts";
import { flowTests } from "./box-suite/flow.ts";
import { groupTests } from "./box-suite/groups.ts";
import { plainFileTests } from "./box-suite/plain-files.ts";
import { plainRunTests } from "./box-suite/plain-runs.ts";
import { ptyTests } from "./box-suite/pty.ts";
import { runTests } from "./box-suite/run.ts";
import { writingTests } from "./box-suite/writing.ts";

/** A running place with one Box into it, and the means to open further ones. */
export interface BoxUnderTest extends AsyncDisposable {
  readonly box: Box;
  /** Whether its files are held inside the place's own directories, because they are reached from outside. */
  readonly confined?: boolean;
  /** Another Box into the same place, as a later agent would open it. The suite disposes of it. */
  reopen(): Promise<Box>;
}

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
    fileTests(current);
    writingTests(current);
  });
}

/** The part of it that a Box without real processes passes too; its place has `cat`, `true`, `false` and `sleep`. */
export function plainBoxSuite(title: string, open: () => Promise<BoxUnderTest>): void {
  onOnePlace(title, open, plainTests);
}

function plainTests(current: () => BoxUnderTest): void {
  plainRunTests(current);
  plainFileTests(current);
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
