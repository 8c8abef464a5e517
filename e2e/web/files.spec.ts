import { contentOf, filesOf, workspaceWith } from "./files.ts";
import { expect, test } from "./fixtures.ts";

test("the tree is walked by keyboard alone: opened, renamed, deleted, and found by its letters", async ({
  signedIn: page,
  agent,
}) => {
  const name = await workspaceWith(agent, { "alpha/one.txt": "1", "alpha/two.txt": "2", "beta.md": "b" });
  await page.goto(`${agent.url}/w/${name}/files`);
  const { tree, item } = filesOf(page, name);
  const active = () =>
    tree.evaluate((frame) => document.getElementById(frame.getAttribute("aria-activedescendant") ?? "")?.ariaLabel);
  await item("alpha").waitFor();
  await tree.focus();
  await page.keyboard.type("alp");
  expect(await active()).toBe("alpha");
  await page.keyboard.press("ArrowRight");
  await item("one.txt").waitFor();
  await page.keyboard.press("ArrowRight");
  expect(await active()).toBe("one.txt");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "two.txt" })).toBeVisible();
  await expect(page).toHaveURL(/path=alpha%2Ftwo\.txt/);
  await expect(filesOf(page, name).text).toBeFocused();

  await tree.focus();
  await page.keyboard.press("F2");
  const rename = page.getByRole("dialog", { name: "Rename 'two.txt'" });
  await rename.getByLabel("Path").waitFor();
  await page.keyboard.type("three");
  await page.keyboard.press("Enter");
  await expect(item("three.txt")).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("heading", { name: "three.txt" })).toBeVisible();
  await expect(tree).toBeFocused();

  await page.keyboard.press("ArrowLeft");
  expect(await active()).toBe("alpha");
  await page.keyboard.press("Delete");
  const remove = page.getByRole("alertdialog", { name: "Delete 'alpha'?" });
  await expect(remove).toContainText("everything in it");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(item("alpha")).toHaveCount(0);
  await expect(page.getByText("No file is open")).toBeVisible();
  await expect(item("beta.md")).toBeVisible();
  expect((await agent.client.files.list({ name })).entries.map((entry) => entry.name)).not.toContain("alpha");
});

test("files and folders are made, moved and found, by name and by what is in them", async ({
  signedIn: page,
  agent,
}) => {
  const name = await workspaceWith(agent, { "src/server.ts": "one\ntwo\nconst needle = 3;\n" });
  await page.goto(`${agent.url}/w/${name}/files`);
  const { item } = filesOf(page, name);
  await page.getByRole("button", { name: "Add files" }).click();
  await page.getByRole("menuitem", { name: "New file…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Path").fill("../outside.txt");
  await expect(dialog).toContainText("Leave . and .. out");
  await dialog.getByLabel("Path").fill("src/server.ts");
  await dialog.getByRole("button", { name: "Create file" }).click();
  await expect(dialog.getByRole("alert")).toContainText("file_exists");
  await dialog.getByLabel("Path").fill("docs/guide/intro.md");
  await dialog.getByRole("button", { name: "Create file" }).click();
  await expect(page.getByRole("heading", { name: "intro.md" })).toBeVisible();
  await expect(item("guide")).toBeVisible();

  const search = page.getByRole("searchbox", { name: "Search files" });
  await search.fill("guide intro");
  await page.getByRole("listitem").getByRole("button", { name: "intro.md" }).waitFor();
  await search.fill("needle");
  await expect(page.getByText("No file was found")).toBeVisible();
  await page.getByRole("button", { name: "Text" }).click();
  await page.getByRole("listitem").getByRole("button", { name: "const needle = 3;" }).click();
  await expect(page.getByRole("heading", { name: "server.ts" })).toBeVisible();
  await expect(page).toHaveURL(/line=3/);
  await expect(page.locator(".cm-activeLine")).toContainText("needle");
  await search.press("Escape");
  await expect(item("server.ts")).toBeVisible();
});

test("a folder of 100,000 files opens, holds only what is in sight, and its letters lead to its end", async ({
  signedIn: page,
  agent,
}) => {
  const name = await workspaceWith(agent, { "many/a-first": "" });
  const command = "cd many && seq -f 'f%06g' 1 99999 | xargs touch";
  expect((await agent.client.workspaces.exec({ name, command, timeout: 60_000 })).exitCode).toBe(0);
  await page.goto(`${agent.url}/w/${name}/files`);
  const { tree, item } = filesOf(page, name);
  await item("many").click();
  await item("a-first").waitFor();
  expect(await page.getByRole("treeitem").count()).toBeLessThan(100);
  await expect(item("a-first")).toHaveAttribute("aria-setsize", "100000");
  await tree.pressSequentially("f099999");
  await expect(item("f099999")).toBeInViewport();
  expect(await page.getByRole("treeitem").count()).toBeLessThan(100);
  expect(await contentOf(agent, name, "many/f099999")).toBe("");
});

test("a workspace that is stopped offers its start, and then shows its files", async ({ signedIn: page, agent }) => {
  const name = await workspaceWith(agent, { "kept.txt": "x" });
  await agent.client.workspaces.stop({ name });
  await page.goto(`${agent.url}/w/${name}/files`);
  await expect(page.getByRole("heading", { name: `${name} is stopped` })).toBeVisible();
  await page.getByRole("tabpanel", { name: "Files" }).getByRole("button", { name: "Start" }).click();
  await expect(filesOf(page, name).item("kept.txt")).toBeVisible();
});

test("names and contents of a workspace are only ever text (row 5)", async ({ signedIn: page, agent, troubles }) => {
  const hostile = "<img src=x onerror=alert(1)>";
  const name = await workspaceWith(agent, {
    [hostile]: hostile,
    "script.svg": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(2)"><script>alert(3)</script></svg>`,
  });
  await page.goto(`${agent.url}/w/${name}/files?path=${encodeURIComponent(hostile)}`);
  await expect(filesOf(page, name).text).toHaveText(hostile);
  await page.getByRole("searchbox").fill("img");
  await page.getByRole("button", { name: "Text" }).click();
  await page.getByRole("listitem").first().waitFor();
  await page.goto(`${agent.url}/w/${name}/files?path=script.svg`);
  await expect(page.getByRole("img", { name: "script.svg" })).toBeAttached();
  await page.getByRole("button", { name: "Show text" }).click();
  await expect(filesOf(page, name).text).toContainText("alert(3)");
  expect(troubles).toEqual({ dialogs: [], errors: [] });
});

test("a workspace that is renamed meanwhile stays the one whose files are shown", async ({ signedIn: page, agent }) => {
  const name = await workspaceWith(agent, { "mine.txt": "mine" });
  await page.goto(`${agent.url}/w/${name}/files`);
  await filesOf(page, name).item("mine.txt").waitFor();
  await agent.client.workspaces.rename({ name, newName: `${name}-new` });
  await page.waitForURL(`${agent.url}/w/${name}-new/files`);
  // Another one that has its old name by now.
  await agent.client.workspaces.create({ name });
  await agent.client.files.write({ name, path: "other.txt", content: "other" });
  await agent.client.files.write({ name: `${name}-new`, path: "more.txt", content: "more" });
  const { item } = filesOf(page, `${name}-new`);
  await expect(item("more.txt")).toBeVisible();
  await page.getByRole("button", { name: "List the files again" }).click();
  await expect(item("mine.txt")).toBeVisible();
  await expect(item("other.txt")).toHaveCount(0);
});

test("a text whose line ends were changed underneath keeps its lines", async ({ signedIn: page, agent }) => {
  const name = await workspaceWith(agent, { "a.txt": "one\r\ntwo\r\n" });
  await page.goto(`${agent.url}/w/${name}/files?path=a.txt`);
  const { text, typeAtEnd, save } = filesOf(page, name);
  await expect(text.locator(".cm-line")).toHaveCount(3);
  await agent.client.files.write({ name, path: "a.txt", content: "one\ntwo\nthree\n" });
  await expect(text.locator(".cm-line")).toHaveText(["one", "two", "three", ""]);
  await typeAtEnd("four\n");
  await save.click();
  await expect(save).toBeDisabled();
  expect(await contentOf(agent, name, "a.txt")).toBe("one\ntwo\nthree\nfour\n");
});

test("an image that is written while it is shown is shown again, also where it was none for a moment", async ({
  signedIn: page,
  agent,
}) => {
  const svg = (width: number) => `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="10"/>`;
  const name = await workspaceWith(agent, { "a.svg": svg(20) });
  await page.goto(`${agent.url}/w/${name}/files?path=a.svg`);
  await expect(page.getByText("20 × 10")).toBeVisible();
  await agent.client.files.write({ name, path: "a.svg", content: "<svg" });
  await expect(page.getByText("is no image that a browser shows")).toBeVisible();
  await agent.client.files.write({ name, path: "a.svg", content: svg(30) });
  await expect(page.getByText("30 × 10")).toBeVisible();
});

test("a browser that thinks it is offline still asks the worker, which may be on this very machine", async ({
  signedIn: page,
  agent,
}) => {
  const name = await workspaceWith(agent, { "a.txt": "still there" });
  await page.goto(`${agent.url}/w/${name}/files`);
  await filesOf(page, name).item("a.txt").waitFor();
  await page.evaluate(() => window.dispatchEvent(new Event("offline")));
  await filesOf(page, name).item("a.txt").click();
  await expect(filesOf(page, name).text).toHaveText("still there");
});
