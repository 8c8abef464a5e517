import { expect, type Locator, type Page } from "@playwright/test";

/** The terminal that is shown, by the rows that the screen-reader mode keeps. */
export interface TerminalPage {
  /** Types a line into the shell. */
  run(command: string): Promise<void>;
  /** Waits until the text is on the screen. */
  shows(text: string | RegExp): Promise<void>;
  text(): Promise<string>;
  attached(): Promise<void>;
  /** Presses the beginning of the row that reads so, as a hand would: over it first. */
  click(row: RegExp, options?: { control: boolean }): Promise<void>;
  state: Locator;
}

export function terminalOf(page: Page): TerminalPage {
  const state = page.locator("[data-terminal-state]").filter({ visible: true });
  const rows = state.locator(".xterm-accessibility-tree");
  const text = async () => (await rows.getByRole("listitem").allInnerTexts()).join("\n");
  return {
    state,
    text,
    attached: () => expect(state).toHaveAttribute("data-terminal-state", "attached", { timeout: 30_000 }),
    async shows(wanted) {
      await expect.poll(text, { timeout: 30_000 }).toMatch(typeof wanted === "string" ? literally(wanted) : wanted);
    },
    async click(row, options) {
      const box = await rows.getByRole("listitem").filter({ hasText: row }).first().boundingBox();
      if (box === null) throw new Error(`No row reads ${row}.`);
      const [x, y] = [box.x + 12, box.y + box.height / 2];
      await page.mouse.move(x + 200, y);
      await page.mouse.move(x, y, { steps: 4 });
      if (options?.control === true) await page.keyboard.down("Control");
      await page.mouse.click(x, y);
      await page.keyboard.up("Control");
    },
    async run(command) {
      await state.locator("textarea").first().focus();
      await page.keyboard.type(command);
      await page.keyboard.press("Enter");
    },
  };
}

function literally(text: string): RegExp {
  return new RegExp(text.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
}

/** The number of the shell's process, as the shell itself says it. */
export async function shellPid(page: Page, mark: string): Promise<string> {
  const terminal = terminalOf(page);
  // The quotes keep the echoed command itself from looking like the answer.
  await terminal.run(`echo "${mark}""=$$="`);
  const answer = new RegExp(`${mark}=(\\d+)=`);
  await terminal.shows(answer);
  return answer.exec(await terminal.text())?.[1] ?? "";
}
