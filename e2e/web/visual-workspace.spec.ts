import type { Page } from "@playwright/test";
import { expect } from "./fixtures.ts";
import { PRINTED, test, USE, wordsOf } from "./visual/fixtures.ts";
import { looks } from "./visual/looks.ts";
import { holdSteady } from "./visual/steady.ts";

// A picture takes a while on a machine that others use, and each test takes dozens.
test.describe.configure({ timeout: 400_000 });
test.use({ screens: "workspace" });

test("a workspace's terminals, here and for who watches", async ({ browser, page, agent, seeded: { main } }) => {
  // The narrower the window, the smaller are the letters that a page begins with.
  const open = (shown: Page, url: string) => {
    let printed = Promise.withResolvers<void>();
    shown.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        if (payload.includes(PRINTED)) printed.resolve();
      }),
    );
    return async () => {
      printed = Promise.withResolvers();
      // An address that differs in what follows # alone would load nothing anew.
      await shown.goto("about:blank");
      await shown.goto(url);
      await printed.promise;
    };
  };
  await looks(page, "terminals", { open: open(page, `${agent.url}/w/${main}/terminals`) });
  const { url } = await agent.client.terminals.share({ name: main, terminal: "main" });
  await using guests = await browser.newContext(USE);
  await holdSteady(guests, { words: wordsOf(agent) });
  const guest = await guests.newPage();
  await looks(guest, "watch", { open: open(guest, url) });
});

test("the other parts of a workspace", async ({ page, agent, seeded: { main } }) => {
  const at = (part: string) => page.goto(`${agent.url}/w/${main}/${part}`);
  await at("files?path=src/cart/total.ts");
  await page.getByRole("treeitem", { name: "total.ts", exact: true }).waitFor();
  await page.locator(".cm-content").getByText("roundCents").first().waitFor();
  await looks(page, "files");

  await at("git");
  await page.getByRole("button", { name: /^total\.ts/ }).click();
  await page.locator(".tok-keyword").first().waitFor();
  await looks(page, "git");

  await at("tasks");
  await page.getByRole("region", { name: "Finished" }).waitFor();
  await page.getByText("Round half a cent to the even one").click();
  await page.getByText("I need an answer.").waitFor();
  await looks(page, "tasks-of-one");

  await at("ports");
  await page.getByText("storybook").waitFor();
  await looks(page, "ports");

  await at("overview");
  await page.getByRole("img", { name: /^CPU over/ }).waitFor();
  await page.getByRole("img", { name: /^Processes over/ }).waitFor();
  await looks(page, "overview");

  await at("logs");
  await page.getByRole("log", { name: "Log lines" }).getByText("Run scripts: done").waitFor();
  await looks(page, "logs");

  await at("settings");
  await page.getByRole("heading", { name: "When it ends" }).waitFor();
  await looks(page, "workspace-settings");
});

// The last: what it makes is in the list from then on.
test("the attempts at a task, side by side", async ({ page, agent, seeded: { main } }) => {
  const { id } = await agent.client.attempts.start({
    name: main,
    count: 2,
    title: "Round half a cent to the even one",
    spec: { kind: "command", command: "sed -i 's/Math.round(sum/roundCents(sum/' src/cart/total.ts" },
  });
  const states = async () => (await agent.client.attempts.show({ id })).attempts.map(({ task }) => task?.status);
  await expect.poll(states, { timeout: 60_000 }).toEqual(["completed", "completed"]);
  const second = `${main}-2`;
  await agent.client.workspaces.exec({ name: second, command: "echo '/** Half to even. */' >> src/cart/rounding.ts" });
  await page.goto(`${agent.url}/compare/${id}?file=src%2Fcart%2Ftotal.ts&attempt=2`);
  const diff = page.getByRole("region", { name: `src/cart/total.ts in ${second}` });
  await diff.locator(".tok-keyword").first().waitFor();
  await page.getByRole("columnheader", { name: second }).getByText("2 files").waitFor();
  await looks(page, "compare");
});
