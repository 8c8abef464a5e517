import { fileURLToPath } from "node:url";
import { expect, type Page } from "@playwright/test";

const SIZES = [
  { width: 390, height: 844 },
  { width: 1024, height: 768 },
  { width: 1600, height: 1000 },
];
const THEMES = ["light", "dark"] as const;

/**
 * Another build of Chromium draws the edges of letters a little differently: a pixel counts from a sixth of the way between black and
 * white on, and some may. A button with a few words that went, or a line that wraps elsewhere, is more than that.
 */
const TOLERANCE = { threshold: 0.15, maxDiffPixels: 400 };

interface Options {
  /** Opens it anew at each size, where what it shows depends on the one that it began with. */
  open?: () => Promise<void>;
  /** All of it, also what has to be scrolled to. */
  whole?: boolean;
}

/** What is shown looks as it was agreed on, at each size and in both themes. */
export async function looks(page: Page, name: string, { open, whole = false }: Options = {}): Promise<void> {
  const device = await page.context().newCDPSession(page);
  for (const size of SIZES) {
    await page.setViewportSize(size);
    // What fingers are given is larger.
    await device.send("Emulation.setTouchEmulationEnabled", { enabled: size.width < 600 });
    await open?.();
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.evaluate(() => document.fonts.ready);
      // The next one is looked at as well.
      await expect.soft(page).toHaveScreenshot(`${name}-${size.width}-${colorScheme}.png`, {
        ...TOLERANCE,
        fullPage: whole,
        timeout: 20_000,
        stylePath: fileURLToPath(new URL("steady.css", import.meta.url)),
      });
    }
  }
  await device.detach();
}
