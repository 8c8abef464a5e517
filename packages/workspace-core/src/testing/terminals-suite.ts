import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { BoxUnderTest } from "./box-suite/under-test.ts";
import { clock } from "./terminals-suite/driving.ts";
import { hostileTests } from "./terminals-suite/hostile.ts";
import { lifeTests } from "./terminals-suite/life.ts";
import { logTests } from "./terminals-suite/log.ts";
import { recordingTests } from "./terminals-suite/recording.ts";
import { survivalTests } from "./terminals-suite/survival.ts";
import { typingTests } from "./terminals-suite/typing.ts";
import { createTerminals } from "../terminals/create-terminals.ts";

/**
 * What terminals must do on a place that `open` makes and its dispose removes; `durable` says whether the place has a
 * holder. Needs a place with a POSIX shell and the usual programs.
 */
export function terminalsSuite(title: string, durable: boolean, open: () => Promise<BoxUnderTest>): void {
  describe(`${title} has terminals`, () => {
    let place: BoxUnderTest;
    beforeAll(async () => {
      place = await open();
    });
    afterAll(async () => {
      await (place as BoxUnderTest | undefined)?.[Symbol.asyncDispose]();
    });
    const current = (): BoxUnderTest => place;

    test(`They say that they ${durable ? "outlive" : "end with"} the Box`, async () => {
      expect((await createTerminals(place.box, { clock })).durable).toBe(durable);
    });
    lifeTests(current);
    typingTests(current);
    logTests(current);
    if (durable) {
      survivalTests(current);
      recordingTests(current);
      hostileTests(current);
    }
  });
}
