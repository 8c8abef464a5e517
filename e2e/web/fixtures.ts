import { expect, test as base, type BrowserContext, type Page } from "@playwright/test";
import { startGitServer, type GitServer } from "@ws/git-provider/testing";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { ADA } from "../support/forge.ts";

/** What the page may not do without the test knowing. */
export interface PageTroubles {
  dialogs: string[];
  errors: string[];
}

export interface TestFixtures {
  /** A page that came in through a one-time link. */
  signedIn: Page;
  troubles: PageTroubles;
}

export interface WorkerFixtures {
  git: GitServer;
  agent: AgentProcess;
}

/** One git server and one agent for all tests; each test makes workspaces of its own. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  git: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the pattern to know what a fixture needs
    async ({}, use) => {
      await using git = await startGitServer();
      await use(git);
    },
    { scope: "worker" },
  ],
  agent: [
    async ({ git }, use) => {
      await using agent = await startAgentProcess({ env: { WS_GIT_CA: git.caFile, ...ADA, ...HELPER } });
      await use(agent);
    },
    { scope: "worker", timeout: 300_000 },
  ],
  troubles: async ({ context }, use) => {
    const troubles = watchTroubles(context);
    await use(troubles);
    expect(troubles.errors, "what the consoles of the pages complain of").toEqual([]);
  },
  signedIn: async ({ page, agent, troubles: _ }, use) => {
    await readTerminalsAsText(page.context());
    await page.goto((await agent.client.auth.link()).url);
    await page.getByRole("heading", { name: "Workspaces", level: 1 }).waitFor();
    await use(page);
  },
});
export { expect };

/** Rows that the GPU paints cannot be read; the screen-reader mode keeps them in the page as well. */
export async function readTerminalsAsText(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    // A page that is none, as about:blank, has no storage.
    if (location.origin !== "null") localStorage.setItem("ws.terminal.screenReader", "1");
  });
}

/** The browser's own account of answers that were refusals, or never came, and React's of parts that did not: tests cut the network, and ask for what is not there. */
const NETWORK =
  /^(?:Failed to load resource|WebSocket connection to|Error during WebSocket handshake|TypeError: Failed to fetch|\w+: A part of this page did not come)/;

/** A preview's page is what a workspace serves: its errors are its own. */
function isOurs(page: Page | null): boolean {
  return page === null || !/^https?:\/\/\d+--/.test(page.url());
}

/** Of every page of the browser, also those that the first one opens. */
function watchTroubles(context: BrowserContext): PageTroubles {
  const troubles: PageTroubles = { dialogs: [], errors: [] };
  context.on("dialog", (dialog) => {
    troubles.dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  context.on("weberror", (error) => {
    if (isOurs(error.page())) troubles.errors.push(error.error().message);
  });
  context.on("console", (message) => {
    const isError = message.type() === "error" && !NETWORK.test(message.text());
    if (isError && isOurs(message.page())) troubles.errors.push(message.text());
  });
  return troubles;
}

/** A coding tool that a test puts into a workspace as `helper.js`. */
export const HELPER = {
  WS_AGENTS_DEFAULT: "helper",
  WS_AGENTS_CUSTOM: JSON.stringify({
    helper: { argv: ["node", "helper.js"], resume: ["--resume", "{session}"], output: "claude" },
  }),
};

let made = 0;

/** A name that no other test of this run has. */
export function newName(stem: string): string {
  made += 1;
  return `${stem}-${made}`;
}
