import { hostname } from "node:os";
import type { Browser } from "@playwright/test";
import { startAgentProcess, type AgentProcess } from "../../support/agent-process.ts";
import { ADA } from "../../support/forge.ts";
import { HELPER, readTerminalsAsText, test as base } from "../fixtures.ts";
import { terminalOf } from "../terminal.ts";
import { seed, type Seeded } from "./seed.ts";
import { holdSteady } from "./steady.ts";

/** One worker without an engine, which is quick and the same everywhere; what is in it, once somebody asks for that. */
export const test = base.extend<object, { seeded: Seeded; screens: string }>({
  // Files that differ in this share no worker, and what one of them does is in no picture of another's.
  screens: ["", { scope: "worker", option: true }],
  agent: [
    async ({ git }, use) => {
      await using agent = await startAgentProcess({
        env: { WS_GIT_CA: git.caFile, WS_RUNTIME: "local", ...ADA, ...HELPER },
      });
      await use(agent);
    },
    { scope: "worker", timeout: 120_000 },
  ],
  seeded: [
    async ({ agent, git, browser }, use) => {
      const seeded = await seed(agent, git);
      await printInTerminal(agent, browser, seeded.main);
      await use(seeded);
    },
    { scope: "worker", timeout: 120_000 },
  ],
  context: async ({ context, agent }, use) => {
    await holdSteady(context, { token: agent.token, words: wordsOf(agent) });
    await use(context);
  },
});
/** Of every page here; what is hidden for a picture is a style that the agent has not let in. */
export const USE = { locale: "en-US", timezoneId: "UTC", bypassCSP: true, serviceWorkers: "block" } as const;
test.use(USE);

/** Where this runs is nobody's business. */
export function wordsOf(agent: AgentProcess): Record<string, string> {
  return { [agent.configDirectory]: "/home/ada/.ws", [hostname()]: "worker" };
}

export const PRINTED = "Tests  12 passed (12)";

/** What a terminal has printed once is there for whoever comes later; nothing that runs in it prints anew at another size. */
async function printInTerminal(agent: AgentProcess, browser: Browser, name: string): Promise<void> {
  await using context = await browser.newContext();
  await readTerminalsAsText(context);
  await context.addInitScript((token) => {
    if (location.origin !== "null") localStorage.setItem("ws.token", token);
  }, agent.token);
  const page = await context.newPage();
  await page.goto(`${agent.url}/w/${name}/terminals`);
  const terminal = terminalOf(page);
  await terminal.attached();
  const lines = [
    String.raw`\033[36m❯\033[0m pnpm test`,
    "",
    String.raw` \033[32m✓\033[0m src/cart/rounding.test.ts \033[2m(8 tests)\033[0m`,
    String.raw` \033[32m✓\033[0m src/cart/total.test.ts \033[2m(4 tests)\033[0m`,
    "",
    String.raw` \033[1m${PRINTED}\033[0m`,
    "",
    String.raw`\033[36m❯\033[0m `,
  ];
  // Typed as it is, it would stand there before it is printed.
  await agent.client.workspaces.exec({ name, command: `cat > .git/printed <<'END'\n${lines.join("\\n")}\nEND` });
  await terminal.run(`clear; printf "$(cat .git/printed)"; exec sleep infinity`);
  await terminal.shows(PRINTED);
}
