import type { Page } from "@playwright/test";
import { passes } from "./axe.ts";
import { fits, onEveryPlace } from "./every-place.ts";
import { filesOf } from "./files.ts";
import { expect, newName, test } from "./fixtures.ts";
import { installTool, toolPlace } from "./tasks.ts";

const sheetOf = (page: Page) => page.getByRole("dialog", { name: "Ask a coding tool" });

test("the lines that are selected are asked about, and the answer comes beside the file, which can be worked on meanwhile", async ({
  signedIn: page,
  agent,
}) => {
  const name = await toolPlace(agent);
  await agent.client.files.write({ name, path: "src/a.ts", content: "const a = 1;\nconst b = 2;\nconst c = 3;\n" });
  await page.goto(`${agent.url}/w/${name}/files?path=src/a.ts`);
  const { text } = filesOf(page, name);
  await text.click();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await page.getByRole("button", { name: "Ask a coding tool about src/a.ts, line 2" }).click();
  await page.getByRole("menuitem", { name: "Explain" }).click();
  const sheet = sheetOf(page);
  await expect(sheet).toContainText("src/a.ts, line 2");
  await sheet.getByLabel("Anything to add?").fill("In one sentence.");
  await sheet.getByRole("button", { name: "Explain" }).last().click();
  await expect(sheet.getByRole("log", { name: /^Conversation of/ })).toContainText("Did:");
  await expect(sheet.getByRole("status").first()).toHaveText("Completed");
  const [task] = await agent.client.tasks.list({ name });
  expect(task).toMatchObject({ kind: "agent", action: "explain", tool: "helper" });
  expect(task?.result).toContain("const b = 2;");
  expect(task?.result).toContain("In one sentence.");
  expect(task?.result).not.toContain("const c = 3;");

  await filesOf(page, name).typeAtEnd("const d = 4;");
  await expect(sheet).toBeVisible();
  await sheet.getByLabel("Go on in this conversation").fill("Why?");
  await sheet.getByLabel("Go on in this conversation").press("Enter");
  await expect(sheet.getByRole("log", { name: /^Conversation of/ })).toContainText("told: Why?");
  await sheet.getByRole("button", { name: "Close" }).click();
  await expect(sheet).toBeHidden();
});

test("a whole file from the tree, and text that is not saved yet, are asked about as they are", async ({
  signedIn: page,
  agent,
}) => {
  const name = await toolPlace(agent);
  await agent.client.files.write({ name, path: "b.md", content: "# Old\n" });
  await page.goto(`${agent.url}/w/${name}/files?path=b.md`);
  const { item, typeAtEnd } = filesOf(page, name);
  await item("b.md").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Ask a coding tool…" }).click();
  const sheet = sheetOf(page);
  await sheet.getByRole("button", { name: "Document" }).click();
  await sheet.getByRole("button", { name: "Document" }).last().click();
  await expect(sheet.getByRole("status").first()).toHaveText("Completed");
  expect((await agent.client.tasks.list({ name }))[0]).toMatchObject({ action: "document" });
  await sheet.getByRole("button", { name: "Close" }).click();

  await typeAtEnd("fresh words");
  await page.keyboard.press("ControlOrMeta+a");
  await page.getByRole("button", { name: /^Ask a coding tool about b.md, lines/ }).click();
  await page.getByRole("menuitem", { name: "Fix" }).click();
  await sheet.getByRole("button", { name: "Fix" }).last().click();
  await expect(sheet.getByRole("status").first()).toHaveText("Completed");
  expect((await agent.client.tasks.list({ name }))[0]?.result).toContain("fresh words");
});

test("what is not committed is reviewed from the changes", async ({ signedIn: page, agent, git }) => {
  const repository = await git.create(`team/${newName("review")}`, { files: { "main.ts": "const one = 1;\n" } });
  const name = newName("review");
  await agent.client.workspaces.create({ name, clone: repository.url, runtime: "local" });
  await installTool(agent, name);
  await agent.client.files.write({ name, path: "main.ts", content: "const one = 11;\n" });
  await page.goto(`${agent.url}/w/${name}/git`);
  await page.getByRole("button", { name: "Review these changes" }).click();
  const sheet = sheetOf(page);
  await expect(sheet).toContainText("what is not committed");
  await sheet.getByRole("button", { name: "Review" }).last().click();
  await expect(sheet.getByRole("status").first()).toHaveText("Completed");
  expect((await agent.client.tasks.list({ name }))[0]?.result).toContain("const one = 11;");
});

test("what cannot be asked is said in the sheet, and nothing is queued", async ({ signedIn: page, agent }) => {
  const name = await toolPlace(agent);
  await agent.client.files.write({ name, path: "c.md", content: "# C\n" });
  await page.goto(`${agent.url}/w/${name}/files?path=c.md`);
  const { item } = filesOf(page, name);
  await item("c.md").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Ask a coding tool…" }).click();
  await agent.client.files.remove({ name, path: "c.md" });
  const sheet = sheetOf(page);
  await sheet.getByRole("button", { name: "Explain" }).last().click();
  await expect(sheet.getByRole("alert")).toContainText("It was not asked");
  expect(await agent.client.tasks.list({ name })).toEqual([]);
});

onEveryPlace("no state of the sheet breaks a rule of WCAG 2.2 AA that a machine can check", async (page, agent) => {
  const name = await toolPlace(agent);
  await agent.client.files.write({ name, path: "d.md", content: "# D\n" });
  await page.goto(`${agent.url}/w/${name}/files?path=d.md`);
  await page.getByRole("button", { name: "Ask a coding tool about d.md" }).click();
  await passes(page);
  await page.getByRole("menuitem", { name: "Review" }).click();
  const sheet = sheetOf(page);
  await expect(sheet).toBeVisible();
  await passes(page);
  await sheet.getByRole("button", { name: "Review" }).last().click();
  await expect(sheet.getByRole("status").first()).toHaveText("Completed");
  await passes(page);
  await fits(page);
});
