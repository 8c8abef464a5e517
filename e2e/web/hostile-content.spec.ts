import { expect, newName, test } from "./fixtures.ts";
import { terminalOf } from "./terminal.ts";
import { titled } from "./title.ts";

const SCRIPT = "<img/src=x/onerror=alert(1)>";

test("names of branches, files and programs are text everywhere (row 8, stored XSS)", async ({
  signedIn: page,
  troubles,
  agent,
  git,
}) => {
  const name = newName("hostile");
  const repository = await git.create(`team/${name}`, {
    files: { "README.md": "<script>alert(2)</script>\n", [`${SCRIPT.replaceAll("/", "_")}.md`]: "text\n" },
    branches: [SCRIPT],
  });
  await agent.client.workspaces.create({ name, clone: repository.url, branch: SCRIPT });
  await expect(page.getByText(SCRIPT).first()).toBeVisible();
  await page.getByRole("link", { name }).click();
  await expect(page.getByText(SCRIPT).first()).toBeVisible();
  await page.getByRole("tab", { name: "Overview" }).click();
  await expect(page.getByRole("definition").filter({ hasText: SCRIPT })).toBeVisible();
  await page.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await expect(page.getByRole("alertdialog")).toContainText(SCRIPT);
  expect(troubles).toEqual({ dialogs: [], errors: [] });
});

test("a program in a terminal can neither write the clipboard nor open a page (row 8, OSC 52 and OSC 8)", async ({
  signedIn: page,
  context,
  troubles,
  agent,
}) => {
  const name = newName("escape");
  await agent.client.workspaces.create({ name });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: agent.url });
  await page.goto(`${agent.url}/w/${name}`);
  const terminal = terminalOf(page);
  await terminal.attached();
  await page.evaluate(() => navigator.clipboard.writeText("mine"));
  const stolen = Buffer.from("stolen").toString("base64");
  await terminal.run(
    [
      "clear",
      String.raw`for i in $(seq 200); do printf '\033]52;c;${stolen}\007'; done`,
      String.raw`printf '\033]8;;javascript:alert(1)\033\\bad-link\033]8;;\033\\\n'`,
      String.raw`printf '\033]8;;${agent.url}/health\033\\good-link\033]8;;\033\\\n'`,
      String.raw`printf '\033]0;${SCRIPT}\007'`,
      `echo "do""ne"`,
    ].join("; "),
  );
  await terminal.shows(/^done/m);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("mine");
  await terminal.click(/^bad-link/, { control: true });
  await terminal.click(/^good-link/);
  await expect(page.getByText(`Ctrl+click opens ${agent.url}/health`)).toBeVisible();
  expect(context.pages()).toHaveLength(1);
  const opened = context.waitForEvent("page");
  await terminal.click(/^good-link/, { control: true });
  expect(await (await opened).evaluate(() => window.opener)).toBeNull();
  expect(context.pages()).toHaveLength(2);
  expect(await page.title()).toMatch(titled(name));
  expect(troubles).toEqual({ dialogs: [], errors: [] });
});
