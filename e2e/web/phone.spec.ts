import { fits, phone } from "./every-place.ts";
import { filesOf, workspaceWith } from "./files.ts";
import { expect, newName, test } from "./fixtures.ts";
import { terminalOf } from "./terminal.ts";

test.use(phone);

const LONG = "a-name-that-is-as-long-as-anybody-would-ever-want-it-to-be";

test("on a phone every page fits its width, and Ctrl, Esc and the arrows can be pressed", async ({
  signedIn: page,
  agent,
}) => {
  const name = newName(LONG);
  await agent.client.workspaces.create({ name });
  await expect(page.getByRole("link", { name })).toBeVisible();
  await fits(page);
  await page.getByRole("button", { name: "New workspace" }).tap();
  await expect(page.getByRole("dialog")).toBeVisible();
  await fits(page);
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Create workspace" }).tap();
  await expect(page.getByText("name_taken")).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole("alert")).toBeInViewport({ ratio: 1 });
  await page.getByRole("button", { name: "Close" }).tap();
  await page.getByRole("link", { name }).tap();
  for (const tab of ["Overview", "Logs", "Ports", "Settings", "Files", "Terminals"]) {
    await page.getByRole("tab", { name: tab }).tap();
    await fits(page);
  }
  const terminal = terminalOf(page);
  await terminal.attached();
  await terminal.run("cat");
  await terminal.run("typed-into-cat");
  await page.getByRole("button", { name: "Ctrl" }).tap();
  await page.keyboard.press("c");
  await terminal.run(`echo "back-in""-the-shell"`);
  await terminal.shows("back-in-the-shell");

  for (const number of [2, 3, 4]) {
    await page.getByRole("button", { name: "New terminal" }).tap();
    await expect(page.getByRole("tab", { name: `t${number}` })).toBeInViewport({ ratio: 0.95 });
  }
});

test("on a phone keys are held, text is pasted without a clipboard, a finger scrolls on, selects and copies", async ({
  signedIn: page,
  agent,
}) => {
  const name = newName("touch");
  await agent.client.workspaces.create({ name });
  // As over http: there is no clipboard to read.
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await page.goto(`${agent.url}/w/${name}`);
  const terminal = terminalOf(page);
  await terminal.attached();
  const key = (label: string | RegExp) =>
    page.getByRole("toolbar", { name: "Terminal keys" }).getByRole("button", { name: label });
  await key("Paste").tap();
  await page.getByRole("textbox", { name: "Text" }).fill("seq 100 199; cat -v");
  await page.getByRole("button", { name: "Paste into terminal" }).tap();
  await terminal.shows("seq 100 199; cat -v");
  await page.keyboard.press("Enter");
  await terminal.shows("199");

  await key("Ctrl").dblclick();
  await expect(key("Ctrl, locked")).toHaveAttribute("aria-pressed", "true");
  await key("Left").tap();
  await key("Right").tap();
  await key("Ctrl, locked").tap();
  await key("Alt").tap();
  await page.keyboard.press("b");
  await expect(key("Alt")).toHaveAttribute("aria-pressed", "false");
  await key("Shift+Tab").tap();
  await page.keyboard.press("Enter");
  await terminal.shows("^[[1;5D^[[1;5C^[b^[[Z");

  // A quick finger: what it did in 60 ms goes on after it was lifted.
  const touch = await page.context().newCDPSession(page);
  const box = await terminal.state.boundingBox();
  if (box === null) throw new Error("There is no terminal.");
  const [x, y] = [box.x + 20, box.y + 80];
  const finger = (type: "touchStart" | "touchMove" | "touchEnd", at = y) =>
    touch.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y: at }] });
  await finger("touchStart");
  for (const far of [20, 60, 110, 170]) await finger("touchMove", y + far);
  await finger("touchEnd");
  await terminal.shows(/^1[0-7]\d$/m);

  await finger("touchStart");
  await expect(page.getByText("Copy mode", { exact: true })).toBeVisible();
  await finger("touchEnd");
  await page.getByRole("button", { name: "Copy", exact: true }).tap();
  await expect(page.getByText("Copied", { exact: true })).toBeVisible();
  await key("Paste").tap();
  const text = page.getByRole("textbox", { name: "Text" });
  await text.press("ControlOrMeta+v");
  await expect(text).toHaveValue(/^1\d\d$/);
  await page.getByRole("button", { name: "Cancel" }).tap();
  await fits(page);
});

test("on a phone the tree and the file take turns, and all that a pointer hovers for is there", async ({
  signedIn: page,
  agent,
}) => {
  const name = await workspaceWith(agent, { "src/a.ts": "const a = 1;\n" });
  const { item, text, typeAtEnd, save } = filesOf(page, name);
  await page.goto(`${agent.url}/w/${name}/files`);
  await item("src").tap();
  await item("a.ts").tap();
  await expect(text).toBeVisible();
  await expect(item("src")).toBeHidden();
  await fits(page);
  await typeAtEnd("x");
  await save.tap();
  await expect(save).toBeDisabled();
  await page.getByRole("button", { name: "Back to the files" }).tap();
  await page.getByRole("button", { name: "Actions for a.ts" }).tap();
  await page.getByRole("menuitem", { name: "Delete…" }).tap();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).tap();
  await expect(item("a.ts")).toHaveCount(0);
});

test("on a phone held sideways the terminal has most of the height, and all around it can be reached", async ({
  signedIn: page,
  agent,
}) => {
  const name = newName(LONG);
  await agent.client.workspaces.create({ name });
  await page.setViewportSize({ width: 740, height: 360 });
  await page.goto(`${agent.url}/w/${name}`);
  const terminal = terminalOf(page);
  await terminal.attached();
  expect((await terminal.state.boundingBox())?.height).toBeGreaterThan(180);
  await fits(page);
  for (const [role, label] of [
    ["link", /^Workspace$/],
    ["tab", "Settings"],
    ["button", `Actions for ${name}`],
    ["tab", "main"],
    ["button", "New terminal"],
    ["button", "Esc"],
    ["button", "Right"],
  ] as const) {
    await expect(page.getByRole(role, { name: label })).toBeInViewport({ ratio: 1 });
  }
});
