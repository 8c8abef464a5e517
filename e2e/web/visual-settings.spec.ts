import { expect } from "./fixtures.ts";
import { test } from "./visual/fixtures.ts";
import { looks } from "./visual/looks.ts";

// A picture takes a while on a machine that others use, and each test takes dozens.
test.describe.configure({ timeout: 400_000 });
test.use({ screens: "settings" });

const SECTIONS = {
  credentials: "No credential yet",
  github: "Client ID",
  scripts: "A failure fails the start",
  providers: "Directory",
  policy: "No repository has rules",
  devices: "No other device was let in.",
  tokens: "Does not end by itself",
  workers: "No worker is behind this one",
  worker: "insecureListen",
  "audit?action=workspaces.create": "docs-site",
  about: "This page's address",
  notifications: "It tells me when",
  appearance: "Blinking cursor",
};

test("the settings", async ({ page, agent, seeded: _ }) => {
  await page.goto(`${agent.url}/settings`);
  await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
  await looks(page, "settings");
  for (const [section, says] of Object.entries(SECTIONS)) {
    await page.goto(`${agent.url}/settings/${section}`);
    await page.getByText(says).first().waitFor();
    await expect(page.getByText(/^(?:Loading|Asking)/)).toHaveCount(0);
    await looks(page, `settings-${section.replace(/\?.*/, "")}`);
  }
});
