import { afterAll, beforeAll, describe } from "vitest";

import { powerTests } from "./runtime-suite/power.ts";
import { removalTests } from "./runtime-suite/removal.ts";
import { showingTests } from "./runtime-suite/showing.ts";
import { tellingTests } from "./runtime-suite/telling.ts";
import { usageTests } from "./runtime-suite/usage.ts";
import {
  newSpec,
  type RuntimeCapabilities,
  type RuntimeSubject,
  type RuntimeUnderTest,
} from "./runtime-suite/under-test.ts";

export type { RuntimeCapabilities, RuntimeSubject } from "./runtime-suite/under-test.ts";

/** What every Runtime has to do, whatever it is made of. `make` is called twice. */
export function runtimeSuite<S extends RuntimeSubject>(
  title: string,
  make: () => Promise<S>,
  capabilities: RuntimeCapabilities<S>,
): void {
  describe(`${title} is a runtime`, () => {
    let subject: S;
    let other: S;

    beforeAll(async () => {
      subject = await make();
      other = await make();
      for (const { runtime } of [subject, other]) await runtime.prepare({ report: () => undefined });
    });
    afterAll(async () => {
      await subject[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
    });

    const current = (): RuntimeUnderTest<S> => ({ subject, runtime: subject.runtime, other, running });
    async function running(spec = newSpec()): ReturnType<RuntimeUnderTest<S>["running"]> {
      const { runtime } = subject;
      await runtime.create(spec);
      const place = await runtime.start(spec);
      return { spec, place, [Symbol.asyncDispose]: () => runtime.remove(spec.id) };
    }

    powerTests(current, capabilities);
    removalTests(current);
    showingTests(current, capabilities);
    tellingTests(current, capabilities);
    usageTests(current, capabilities);
  });
}
