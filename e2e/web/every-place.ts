import { devices, type Page } from "@playwright/test";
import type { GitServer } from "@ws/git-provider/testing";
import type { AgentProcess } from "../support/agent-process.ts";
import { expect, test } from "./fixtures.ts";

// Which browser it is belongs to the run, and not to a group of tests.
const { defaultBrowserType: _, ...device } = devices["Pixel 7"] ?? {};
/** For `test.use`. */
export const phone = { ...device, viewport: { width: 390, height: 844 } };

const PLACES = {
  "a desktop": { viewport: { width: 1280, height: 800 } },
  "a phone": phone,
  "a phone held sideways": { ...phone, viewport: { width: 740, height: 360 } },
};

/** One test for each place where the page is looked at, by day and by night; nothing moves in it. */
export function onEveryPlace(
  title: string,
  body: (page: Page, agent: AgentProcess, git: GitServer) => Promise<void>,
): void {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [place, use] of Object.entries(PLACES)) {
      test.describe(`on ${place}, ${colorScheme}`, () => {
        test.use({ ...use, colorScheme, contextOptions: { reducedMotion: "reduce" } });
        test(title, ({ signedIn, agent, git }) => body(signedIn, agent, git));
      });
    }
  }
}

/** Nothing has to be scrolled to from side to side. */
export async function fits(page: Page): Promise<void> {
  const width = page.viewportSize()?.width ?? 0;
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
}
