import { afterAll, beforeAll, describe } from "vitest";
import { branchTests } from "./forge-suite/branches.ts";
import { faultTests } from "./forge-suite/faults.ts";
import { pullRequestTests } from "./forge-suite/pull-requests.ts";
import { readingTests } from "./forge-suite/reading.ts";
import type { ForgeSubject, ForgeUnderTest } from "./forge-suite/under-test.ts";

export type { ForgeSubject, RepositoryNeeds, ServedForgeRepository } from "./forge-suite/under-test.ts";

/** What every Forge has to do, whatever it is made of. `make` is called once. */
export function forgeSuite(title: string, make: () => Promise<ForgeSubject>): void {
  describe(`${title} is a forge`, () => {
    let subject: ForgeSubject;
    beforeAll(async () => {
      subject = await make();
    });
    afterAll(() => subject[Symbol.asyncDispose]());

    const current = (): ForgeUnderTest => ({
      ...subject,
      open: ({ url }) => subject.forge.open(url, subject.secret),
    });
    branchTests(current);
    pullRequestTests(current);
    readingTests(current);
    faultTests(current);
  });
}
