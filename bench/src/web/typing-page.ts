import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";
import { NotAvailable } from "../not-available.ts";

export interface TypingPage extends AsyncDisposable {
  /** Types a letter into the terminal: milliseconds from the key until its echo is in the page and painted. */
  type: () => Promise<number>;
}

/** What the page counts for us. */
interface Typing {
  /** Resolves with the milliseconds from the next key to the next frame in which the echo is there. */
  next: () => Promise<number>;
}

/** The dashboard in a browser, signed in by a one-time link, with a terminal of the workspace that gives back what is typed. */
export async function openTypingPage(options: {
  link: string;
  workspace: string;
  signal: AbortSignal;
}): Promise<TypingPage> {
  const { link, workspace, signal } = options;
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) throw new NotAvailable(`there is no Chromium at ${executablePath} (CHROMIUM)`);
  // Rows that the GPU paints cannot be watched; without one they are in the page.
  const browser = await chromium.launch({ executablePath, args: ["--disable-3d-apis", "--disable-quic"] });
  const abort = () => void browser.close();
  signal.addEventListener("abort", abort, { once: true });
  try {
    const page = await browser.newPage({ viewport: { width: 1_280, height: 800 } });
    await page.goto(link);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.goto(new URL(`/w/${workspace}`, link).href);
    await page.locator("[data-terminal-state=attached]").waitFor();
    await page.keyboard.type("clear; cat\n");
    await page.waitForFunction(() => document.querySelector(".xterm-rows")?.textContent?.trim() === "");
    await page.evaluate(watch);
    return {
      async type() {
        const time = page.evaluate(() => (globalThis as unknown as { typing: Typing }).typing.next());
        await page.keyboard.press("x");
        return time;
      },
      async [Symbol.asyncDispose]() {
        signal.removeEventListener("abort", abort);
        await browser.close();
      },
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** In the page: from the key's own event to the first frame after one more letter is among the rows. */
function watch(): void {
  const rows = document.querySelector(".xterm-rows");
  if (rows === null) throw new Error("The terminal has no rows in the page.");
  const count = () => rows.textContent?.split("x").length ?? 0;
  let before = count();
  let began: number | undefined;
  let done: ((milliseconds: number) => void) | undefined;
  document.addEventListener("keydown", (event) => (began = event.timeStamp), true);
  new MutationObserver(() => {
    if (began === undefined || done === undefined || count() <= before) return;
    const [from, tell] = [began, done];
    [began, done] = [undefined, undefined];
    requestAnimationFrame(() => tell(performance.now() - from));
  }).observe(rows, { subtree: true, childList: true, characterData: true });
  const next = () =>
    new Promise<number>((resolve) => {
      before = count();
      done = resolve;
    });
  Object.assign(globalThis, { typing: { next } satisfies Typing });
}
