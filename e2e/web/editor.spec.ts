import { contentOf, filesOf, workspaceWith } from "./files.ts";
import { expect, test } from "./fixtures.ts";

test("what is typed is marked, kept over the pages, and saved by Mod-S with its line ends", async ({
  signedIn: page,
  agent,
}) => {
  const name = await workspaceWith(agent, { "a.txt": "one\r\ntwo\r\n", "b.txt": "b" });
  await page.goto(`${agent.url}/w/${name}/files?path=a.txt`);
  const { typeAtEnd, item, text, save } = filesOf(page, name);
  await expect(save).toBeDisabled();
  await typeAtEnd("three\n");
  await expect(item("a.txt, not saved")).toBeVisible();
  await item("b.txt").click();
  await expect(text).toHaveText("b");
  await page.getByRole("link", { name: "Workspaces" }).click();
  await page.getByRole("link", { name }).click();
  await page.getByRole("tab", { name: "Files" }).click();
  await item("a.txt, not saved").click();
  await expect(text).toContainText("three");
  await text.press("ControlOrMeta+s");
  await expect(item("a.txt")).toBeVisible();
  await expect(save).toBeDisabled();
  expect(await contentOf(agent, name, "a.txt")).toBe("one\r\ntwo\r\nthree\r\n");
});

test("the browser asks before a page with unsaved changes is left, and only then", async ({
  signedIn: page,
  agent,
  troubles,
}) => {
  const name = await workspaceWith(agent, { "a.txt": "one" });
  await page.goto(`${agent.url}/w/${name}/files?path=a.txt`);
  const { typeAtEnd, item } = filesOf(page, name);
  await item("a.txt").waitFor();
  await page.reload();
  expect(troubles.dialogs).toEqual([]);
  await typeAtEnd("!");
  await item("a.txt, not saved").waitFor();
  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  expect((await asked).type()).toBe("beforeunload");
});

test("nothing that somebody else wrote meanwhile is overwritten unseen: mine, theirs, or both compared", async ({
  signedIn: page,
  agent,
}) => {
  const name = await workspaceWith(agent, { "a.txt": "one\n" });
  const theirs = (content: string) => agent.client.files.write({ name, path: "a.txt", content });
  await page.goto(`${agent.url}/w/${name}/files?path=a.txt`);
  const { typeAtEnd, text, save } = filesOf(page, name);
  const conflict = page.getByRole("alert").filter({ hasText: "The file was changed underneath" });

  await typeAtEnd("mine\n");
  await theirs("theirs\n");
  await text.press("ControlOrMeta+s");
  await expect(conflict).toBeVisible();
  await expect(save).toBeDisabled();
  expect(await contentOf(agent, name, "a.txt")).toBe("theirs\n");
  await conflict.getByRole("button", { name: "Compare" }).click();
  await expect(page.getByRole("textbox", { name: "Theirs" })).toContainText("theirs");
  await expect(page.getByRole("textbox", { name: "Mine" })).toContainText("mine");
  await conflict.getByRole("button", { name: "Keep mine" }).click();
  await expect(conflict).toBeHidden();
  expect(await contentOf(agent, name, "a.txt")).toBe("one\nmine\n");

  await typeAtEnd("more\n");
  await theirs("theirs again\n");
  await text.press("ControlOrMeta+s");
  await conflict.getByRole("button", { name: "Compare" }).click();
  await page.getByRole("textbox", { name: "Theirs" }).waitFor();
  await conflict.getByRole("button", { name: "Take theirs" }).click();
  await expect(text).toHaveText("theirs again");
  await expect(conflict).toBeHidden();
  // A slip of the hand: what was taken back can be brought back.
  await text.press("ControlOrMeta+z");
  await expect(text).toContainText("more");
});

test("a file that was removed while it was edited is written again only when that is wanted", async ({
  signedIn: page,
  agent,
}) => {
  const name = await workspaceWith(agent, { "a.txt": "one\n" });
  await page.goto(`${agent.url}/w/${name}/files?path=a.txt`);
  const { typeAtEnd, text } = filesOf(page, name);
  await typeAtEnd("mine\n");
  await agent.client.files.remove({ name, path: "a.txt" });
  await text.press("ControlOrMeta+s");
  const gone = page.getByRole("alert").filter({ hasText: "The file was removed underneath" });
  await gone.getByRole("button", { name: "Write it again" }).click();
  await expect(gone).toBeHidden();
  expect(await contentOf(agent, name, "a.txt")).toBe("one\nmine\n");
});

test("what is no text to edit says what it is, and what to do", async ({ signedIn: page, agent }) => {
  const name = await workspaceWith(agent, { "src/a.txt": "x" });
  const command =
    "head -c 3000 /dev/urandom > blob.bin; yes 0123456789 | head -c 2000000 > large.txt; echo A=1 > .env; ln -s src/a.txt link; mkdir empty";
  expect((await agent.client.workspaces.exec({ name, command })).exitCode).toBe(0);
  const show = (path: string) => page.goto(`${agent.url}/w/${name}/files?path=${encodeURIComponent(path)}`);
  const { text, save } = filesOf(page, name);

  await show("blob.bin");
  await expect(page.getByRole("heading", { name: "Not a text file" })).toBeVisible();
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  expect((await saved).suggestedFilename()).toBe("blob.bin");

  await show("large.txt");
  await expect(page.getByText("file_too_large")).toBeVisible();
  await page.getByRole("button", { name: "Show its beginning" }).click();
  await expect(text).toContainText("0123456789");
  await expect(page.getByText("Read-only: only the first 5000 lines are shown.")).toBeVisible();
  await expect(save).toHaveCount(0);

  await show(".env");
  await expect(page.getByRole("heading", { name: "Protected by the policy" })).toBeVisible();
  await expect(page.getByText("sensitivePaths false")).toBeVisible();

  await show("link");
  await expect(page.getByText("this is a link to src/a.txt")).toBeVisible();

  await show("gone.txt");
  await page.getByRole("button", { name: "Close it" }).click();
  await expect(page.getByText("No file is open")).toBeVisible();
});

test("where the policy lets nothing be written, a text is read-only and says where that is set", async ({
  signedIn: page,
  agent,
}) => {
  const name = await workspaceWith(agent, { "a.txt": "one" });
  await agent.client.policy.update({ name, set: { readOnly: true } });
  await page.goto(`${agent.url}/w/${name}/files?path=a.txt`);
  const { text, save } = filesOf(page, name);
  await expect(page.getByText(`ws policy unset ${name} readOnly`)).toBeVisible();
  await expect(text).toHaveAttribute("contenteditable", "false");
  await expect(save).toHaveCount(0);
});
