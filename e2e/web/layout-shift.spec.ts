import type { Page } from "@playwright/test";
import { expect, newName, test } from "./fixtures.ts";
import { phone } from "./every-place.ts";
import { place } from "./place.ts";

interface Shift {
  score: number;
  moved: string[];
}

/** Notes each thing that moves without a person having done anything, as Chromium itself accounts for it. */
function noteShifts(): void {
  const shifts: Shift[] = [];
  Object.assign(window, { shifts });
  const describe = (node: Node | null): string =>
    node instanceof Element
      ? `${node.tagName.toLowerCase()}.${node.getAttribute("class") ?? ""}`
      : (node?.nodeName ?? "");
  const at = ({ x, y, width, height }: DOMRect) => `${x},${y} ${width}×${height}`;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { value, hadRecentInput, sources } = entry as PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
        sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
      };
      if (!hadRecentInput)
        shifts.push({
          score: value,
          moved: sources.map(
            ({ node, previousRect, currentRect }) => `${describe(node)} from ${at(previousRect)} to ${at(currentRect)}`,
          ),
        });
    }
  }).observe({ type: "layout-shift", buffered: true });
}

/** A link on which the parts of a page come one after the other: 100 ms away, 3 Mbit/s. */
async function slowDown(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 100,
    downloadThroughput: 400_000,
    uploadThroughput: 200_000,
  });
}

/** Less than an eye sees: an icon that comes a pixel off. */
const UNSEEN = 0.005;

for (const [device, use] of [
  ["a desktop", { viewport: { width: 1280, height: 800 } }],
  ["a phone", phone],
] as const) {
  test.describe(`on ${device}`, () => {
    test.use(use);
    test("nothing moves by itself while a page comes over a slow link", async ({ signedIn: page, agent, git }) => {
      const repository = await git.create(`team/${newName("still")}`, { files: { "a.txt": "one\n" } });
      const { name } = await place(agent, repository.url);
      await page.addInitScript(noteShifts);
      await slowDown(page);
      for (const [address, there] of [
        ["/", page.getByRole("link", { name })],
        [`/w/${name}/overview`, page.getByRole("heading", { name: "Resources" })],
        [`/w/${name}/git`, page.getByText("Nothing has changed")],
        [`/w/${name}/files`, page.getByRole("treeitem").first()],
        ["/tasks", page.getByRole("heading", { name: "Tasks", level: 1 })],
        ["/usage", page.getByRole("heading", { name: "Usage", level: 1 })],
        ["/settings/credentials", page.getByRole("heading", { name: "Credentials" }).first()],
      ] as const) {
        await page.goto(`${agent.url}${address}`);
        await there.first().waitFor();
        // Fonts, icons and figures come after the first words.
        await page.waitForLoadState("load");
        await page.evaluate(() => document.fonts.ready.then(() => undefined));
        const shifts = await page.evaluate(() => (window as unknown as { shifts: Shift[] }).shifts);
        const sum = shifts.reduce((total, { score }) => total + score, 0);
        expect(sum, `what moves on ${address}: ${JSON.stringify(shifts)}`).toBeLessThan(UNSEEN);
      }
    });
  });
}
