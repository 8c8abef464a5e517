import { fileURLToPath } from "node:url";
import { onScreen } from "../support/screen.ts";
import { passes } from "./axe.ts";
import { expect, newName, test } from "./fixtures.ts";
import { shellPid, terminalOf } from "./terminal.ts";

const launcher = fileURLToPath(new URL("../../ws", import.meta.url));

test("several terminals in tabs: each its own shell, closed with a question", async ({ signedIn: page, agent }) => {
  const name = newName("tabs");
  await agent.client.workspaces.create({ name });
  await page.goto(`${agent.url}/w/${name}`);
  const terminal = terminalOf(page);
  await terminal.attached();
  const main = await shellPid(page, "main");
  await page.getByRole("button", { name: "New terminal" }).click();
  await terminal.attached();
  const other = await shellPid(page, "other");
  expect(other).not.toBe(main);

  await page.getByRole("tab", { name: "main" }).click();
  await terminal.shows(`main=${main}=`);

  const listedAsEnded = page.waitForResponse(
    async (response) => response.url().endsWith("/rpc/terminals/list") && /exitCode/.test(await response.text()),
  );
  await page.getByRole("tab", { name: "t2" }).click({ button: "middle" });
  const ask = page.getByRole("alertdialog");
  await expect(ask).toContainText("Its shell ends");
  await ask.getByRole("button", { name: "Close terminal" }).click();
  await expect(page.getByRole("tab", { name: "t2" })).toHaveCount(0);
  await expect.poll(async () => (await agent.client.terminals.list({ name })).filter(running).length).toBe(1);

  await listedAsEnded;
  await page.getByRole("button", { name: "New terminal" }).click();
  await expect(page.getByRole("tab", { name: "t2" })).toHaveAttribute("aria-selected", "true");
  await terminal.attached();
  expect(await shellPid(page, "fresh")).not.toBe(other);
  expect(await terminal.text()).not.toContain("other=");
});

test("a terminal that was named elsewhere keeps its name, and its closing asks about that one", async ({
  signedIn: page,
  agent,
}) => {
  const name = newName("named");
  await agent.client.workspaces.create({ name });
  await page.goto(`${agent.url}/w/${name}?t=main`);
  await terminalOf(page).attached();
  const shell = onScreen(`${launcher} shell ${name} --terminal t1`, {
    env: { ...process.env, WS_CONFIG_DIR: agent.configDirectory, TERM: "xterm" },
  });
  await shell.shows(/[$#] /);
  await expect(page.getByRole("tab", { name: "main" })).toHaveCount(1);
  await page.getByRole("tab", { name: "t1", exact: true }).click({ button: "middle" });
  await page.getByRole("alertdialog", { name: "Close 't1'?" }).getByRole("button", { name: "Close terminal" }).click();
  await shell.ended;
  expect((await agent.client.terminals.list({ name })).filter(running)).toMatchObject([{ id: "main" }]);
});

test("a terminal is renamed in its tab while it runs, beside what its program says of itself, which is text and no more", async ({
  signedIn: page,
  agent,
  troubles,
}) => {
  const name = newName("renamed");
  await agent.client.workspaces.create({ name });
  await page.goto(`${agent.url}/w/${name}`);
  const terminal = terminalOf(page);
  await terminal.attached();
  const pid = await shellPid(page, "first");
  await terminal.run(String.raw`PS1='$ '; printf '\033]2;<img src=x onerror=alert(1)>\033\\'`);
  const tab = page.getByRole("tab", { name: /^main/ });
  await expect(tab).toHaveText("main<img src=x onerror=alert(1)>");
  await terminal.run(String.raw`printf '\033]0;%0500d\007' 0`);
  await expect(tab).toHaveText(`main${"0".repeat(80)}`);
  expect((await tab.boundingBox())?.width).toBeLessThan(400);

  await tab.press("F2");
  const ask = page.getByRole("dialog", { name: "Rename 'main'" });
  const field = ask.getByRole("textbox", { name: "New name" });
  await field.fill("Not a name");
  await expect(ask.getByRole("button", { name: "Rename" })).toBeDisabled();
  await field.fill("build");
  await passes(page);
  await field.press("Enter");
  await expect(page.getByRole("tab", { name: /^build/ })).toBeFocused();
  expect(await shellPid(page, "second")).toBe(pid);

  // Its old name is free for another one, and only for one.
  await page.getByRole("button", { name: "New terminal" }).click();
  await expect(page.getByRole("button", { name: "Actions of t2" })).toBeVisible();
  await page.getByRole("tab", { name: /^t2/ }).dblclick();
  await page.getByRole("textbox", { name: "New name" }).fill("build");
  await page.getByRole("button", { name: "Rename" }).click();
  await expect(page.getByRole("alert")).toContainText("Another terminal of this workspace is called 'build'.");
  await page.getByRole("textbox", { name: "New name" }).fill("main");
  await page.getByRole("button", { name: "Rename" }).click();
  await expect(page.getByRole("tab", { name: /^main/ })).toBeVisible();
  await page.reload();
  await page.getByRole("tab", { name: /^build/ }).click();
  await terminal.attached();
  await terminal.shows(`second=${pid}=`);
  expect(troubles.dialogs).toEqual([]);
});

test("the end of a program is said, and it can be started again", async ({ signedIn: page, agent }) => {
  const name = newName("ending");
  await agent.client.workspaces.create({ name });
  await page.goto(`${agent.url}/w/${name}`);
  const terminal = terminalOf(page);
  await terminal.attached();
  const before = await shellPid(page, "before");
  await terminal.run("exit 3");
  await expect(page.getByText("The program ended with exit code 3")).toBeVisible();
  await page.getByRole("button", { name: "Start again" }).click();
  await terminal.attached();
  expect(await shellPid(page, "after")).not.toBe(before);
});

test("two viewers of one terminal see the same, and the size follows the one in use", async ({
  signedIn: page,
  agent,
}) => {
  const name = newName("viewers");
  await agent.client.workspaces.create({ name });
  await page.goto(`${agent.url}/w/${name}`);
  const first = terminalOf(page);
  await first.attached();
  const columns = async () => (await agent.client.terminals.list({ name }))[0]?.cols ?? 0;
  const wide = await columns();
  const small = await page.context().newPage();
  await small.setViewportSize({ width: 700, height: 500 });
  await small.goto(`${agent.url}/w/${name}`);
  const second = terminalOf(small);
  await second.attached();
  await expect.poll(columns).toBeLessThan(wide);

  await page.keyboard.type(`clear; seq 60; echo "last""-line"\n`);
  await expect.poll(columns).toBe(wide);
  await first.shows("last-line");
  const row = (text: string) => second.state.getByRole("listitem").filter({ hasText: text });
  await expect(row("last-line")).toBeInViewport({ ratio: 0.95 });
  await page.keyboard.type(`clear; echo "first""-line"\n`);
  await expect(row("first-line")).toBeInViewport({ ratio: 0.95 });
  await expect(row("last-line")).toHaveCount(0);

  await second.click(/first-line/);
  await expect.poll(columns).toBeLessThan(wide);
  await page.keyboard.type(":\n");
  await expect.poll(columns).toBe(wide);
});

test("terminals are split into panes that are walked, resized, maximised and closed by keys, and are there after a reload", async ({
  signedIn: page,
  agent,
}) => {
  const name = newName("panes");
  await agent.client.workspaces.create({ name });
  await page.goto(`${agent.url}/w/${name}`);
  await terminalOf(page).attached();
  const main = await shellPid(page, "main");
  await page.keyboard.press("Control+Shift+E");
  const pane = (id: string) => page.locator(`[data-pane=${id}]`);
  const attached = (id: string) =>
    expect(pane(id).locator("[data-terminal-state]")).toHaveAttribute("data-terminal-state", "attached");
  await attached("t2");
  await page.keyboard.press("Control+Shift+O");
  await attached("t3");
  await expect(page.getByRole("tab", { name: "t3 3 panes" })).toHaveCount(1);
  await passes(page);

  // Each is as large as its pane, whichever has the focus.
  const columns = async (id: string) =>
    (await agent.client.terminals.list({ name })).find((terminal) => terminal.id === id)?.cols ?? 0;
  await expect.poll(async () => Math.abs((await columns("main")) - (await columns("t2")))).toBeLessThan(4);
  const half = await columns("main");
  const border = page.getByRole("separator", { name: "Between main and t2" });
  await border.focus();
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => columns("main")).toBeLessThan(half);
  const less = await columns("main");
  const box = await border.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 4, (box?.y ?? 0) + 200);
  await page.mouse.down();
  await page.mouse.move((box?.x ?? 0) + 250, (box?.y ?? 0) + 210, { steps: 5 });
  await page.mouse.up();
  await expect.poll(() => columns("main")).toBeGreaterThan(less + 10);

  const focused = (id: string) => expect(pane(id).locator("textarea.xterm-helper-textarea")).toBeFocused();
  await pane("t3").locator("textarea").first().focus();
  await page.keyboard.press("Control+Shift+ArrowUp");
  await focused("t2");
  await page.keyboard.press("Control+Shift+ArrowLeft");
  await focused("main");
  await page.keyboard.press("Control+Shift+X");
  await expect(pane("t2")).toBeHidden();
  await page.keyboard.press("Control+Shift+X");
  await expect(pane("t2")).toBeVisible();

  await page.reload();
  for (const id of ["main", "t2", "t3"]) await attached(id);
  await expect(pane("main").locator(".xterm-accessibility-tree")).toContainText(`main=${main}=`);
  // A small screen has room for one.
  const tabs = page.getByRole("tablist", { name: "Terminals" }).getByRole("tab");
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(tabs).toHaveCount(3);
  await expect(page.locator("[data-pane]").filter({ visible: true })).toHaveCount(1);
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.getByRole("button", { name: "Close pane t2" }).click();
  await page.getByRole("alertdialog", { name: "Close 't2'?" }).getByRole("button", { name: "Close terminal" }).click();
  await expect(page.getByRole("tab", { name: /2 panes/ })).toHaveCount(1);
  await page.getByRole("button", { name: /^Actions of (?:main|t3)/ }).click();
  await page.getByRole("menuitem", { name: "Move to a tab of its own" }).click();
  await expect(tabs).toHaveCount(2);
});

test("tabs are put into another order with the mouse and with keys, which stays", async ({ signedIn: page, agent }) => {
  const name = newName("order");
  await agent.client.workspaces.create({ name });
  await page.goto(`${agent.url}/w/${name}`);
  const terminal = terminalOf(page);
  await terminal.attached();
  for (const id of ["t2", "t3"]) {
    await page.getByRole("button", { name: "New terminal" }).click();
    await expect(page.locator(`[data-pane=${id}] [data-terminal-state=attached]`)).toBeVisible();
  }
  const tabs = page.getByRole("tablist", { name: "Terminals" }).getByRole("tab");
  const order = (...names: string[]) => expect(tabs).toContainText(names);
  await order("main", "t2", "t3");
  await page.keyboard.press("Control+Shift+PageUp");
  await order("main", "t3", "t2");
  const [from, to] = [await tabs.nth(0).boundingBox(), await tabs.nth(2).boundingBox()];
  if (from === null || to === null) throw new Error("A tab is not there.");
  await page.mouse.move(from.x + 12, from.y + 12);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width - 4, to.y + 12, { steps: 8 });
  await page.mouse.up();
  await order("t3", "t2", "main");
  await expect(page.getByRole("tab", { name: /^t3/ })).toHaveAttribute("aria-selected", "true");
  await page.getByRole("tab", { name: /^t3/ }).press("Control+Shift+PageDown");
  await order("t2", "t3", "main");
  await expect(page.getByRole("tab", { name: /^t3/ })).toBeFocused();
  await page.reload();
  await order("t2", "t3", "main");
});

test("a tab goes into a pane of another, drawn onto an edge of it or by its menu, and what runs in it goes on", async ({
  signedIn: page,
  agent,
}) => {
  const name = newName("joined");
  await agent.client.workspaces.create({ name });
  await page.goto(`${agent.url}/w/${name}`);
  const pane = (id: string) => page.locator(`[data-pane=${id}]`);
  const attached = (id: string) => expect(pane(id).locator("[data-terminal-state=attached]")).toBeVisible();
  await attached("main");
  for (const id of ["t2", "t3"]) {
    await page.getByRole("button", { name: "New terminal" }).click();
    await attached(id);
  }
  const pid = await shellPid(page, "t3");
  const tabs = page.getByRole("tablist", { name: "Terminals" }).getByRole("tab");
  await page.getByRole("tab", { name: /^main/ }).click();
  const [from, onto] = [await page.getByRole("tab", { name: /^t3/ }).boundingBox(), await pane("main").boundingBox()];
  if (from === null || onto === null) throw new Error("Nothing to draw.");
  const draw = async (x: number, y: number) => {
    await page.mouse.move(from.x + 12, from.y + 12);
    await page.mouse.down();
    await page.mouse.move(onto.x + onto.width * x, onto.y + onto.height * y, { steps: 6 });
  };
  await draw(0.5, 0.9);
  await expect(page.locator("[data-drop=down]")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.locator("[data-drop]")).toHaveCount(0);
  await page.mouse.up();
  await expect(tabs).toHaveCount(3);
  await draw(0.9, 0.5);
  await expect(page.locator("[data-drop=right]")).toBeVisible();
  await page.mouse.up();
  await expect(page.locator("[data-drop]")).toHaveCount(0);
  await expect(page.getByRole("tab", { name: "t3 2 panes" })).toHaveAttribute("aria-selected", "true");
  await attached("t3");
  const [left, right] = [await pane("main").boundingBox(), await pane("t3").boundingBox()];
  expect(right?.x ?? 0).toBeGreaterThanOrEqual((left?.x ?? 0) + (left?.width ?? 0) - 1);
  const goesOn = () => expect(pane("t3").locator(".xterm-accessibility-tree")).toContainText(`t3=${pid}=`);
  await goesOn();

  await page.getByRole("tab", { name: /^t2/ }).click();
  await page.getByRole("button", { name: "Actions of t2" }).click();
  await page.getByRole("menuitem", { name: "Move into a pane of t3" }).click();
  await expect(tabs).toHaveCount(1);
  await expect(page.getByRole("tab", { name: "t2 3 panes" })).toBeVisible();
  await passes(page);
  await page.reload();
  for (const id of ["main", "t2", "t3"]) await attached(id);
  await goesOn();
});

test("what was printed is searched, selected by keys and copied, and how terminals look is chosen", async ({
  signedIn: page,
  agent,
}) => {
  const name = newName("found");
  await agent.client.workspaces.create({ name });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: agent.url });
  await page.goto(`${agent.url}/w/${name}`);
  const terminal = terminalOf(page);
  await terminal.attached();
  await terminal.run("clear; seq 1 200; echo Two''hundred two''hundred");
  await terminal.shows("Twohundred twohundred");

  await page.keyboard.press("Control+Shift+F");
  const bar = page.getByRole("search");
  const field = bar.getByRole("textbox", { name: "Search for" });
  await field.fill("twohundred");
  await expect(bar.getByRole("status")).toHaveText("2 of 2");
  await field.press("Enter");
  await expect(bar.getByRole("status")).toHaveText("1 of 2");
  await bar.getByRole("button", { name: "Match case" }).click();
  await expect(bar.getByRole("status")).toHaveText("1 of 1");
  await bar.getByRole("button", { name: "Regular expression" }).click();
  await field.fill("1[0-9](");
  await expect(bar.getByRole("alert")).toContainText("This is no regular expression");
  await passes(page);
  await field.fill("1[0-9]3");
  await expect(bar.getByRole("status")).toHaveText("10 of 10");
  // It was scrolled away.
  await terminal.shows("193");
  await field.press("Escape");
  await expect(bar).toBeHidden();

  await page.keyboard.press("Control+Shift+Space");
  await expect(page.getByText("Copy mode", { exact: true })).toBeVisible();
  for (const key of ["G", "k", "0", "v", "k", "y"]) await page.keyboard.press(key);
  await expect(page.getByText("Copied 2 lines")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("200\nT");
  // Nothing of it was typed.
  await terminal.run("echo nothing''-typed");
  await terminal.shows("nothing-typed");

  // What is pasted can neither end the paste nor press keys.
  await terminal.run("clear; cat -v");
  await terminal.state
    .locator("textarea")
    .first()
    .evaluate((field) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", "safe\u001b[201~\u0003end\n");
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    });
  await terminal.shows(/safe\[201~end\n?safe\[201~end/);

  const ground = () =>
    page
      .locator("[data-terminal-state]")
      .evaluate((element) => getComputedStyle(element.parentElement ?? element).backgroundColor);
  await page.getByRole("button", { name: "Actions of main" }).click();
  await page.getByRole("menuitem", { name: "Appearance…" }).click();
  const before = (await agent.client.terminals.list({ name }))[0]?.cols ?? 0;
  await page.getByRole("combobox", { name: "Colours" }).selectOption("Gruvbox Dark");
  expect(await ground()).toBe("rgb(40, 40, 40)");
  for (let more = 0; more < 4; more += 1) await page.getByRole("button", { name: "Larger size" }).click();
  await expect.poll(async () => (await agent.client.terminals.list({ name }))[0]?.cols ?? 0).toBeLessThan(before);
  await passes(page);
  await page.reload();
  await terminal.attached();
  expect(await ground()).toBe("rgb(40, 40, 40)");
});

test("the log is followed, and scrolling is the reader's", async ({ signedIn: page, agent }) => {
  const name = newName("logged");
  await agent.client.workspaces.create({ name });
  await page.goto(`${agent.url}/w/${name}?tab=logs`);
  await expect(page.getByRole("log")).not.toHaveText(/Nothing was logged/);
  await expect(page.getByRole("button", { name: "Following" })).toHaveAttribute("aria-pressed", "true");
});

function running({ exitCode }: { exitCode?: number | undefined }): boolean {
  return exitCode === undefined;
}

test("where no GPU paints, colours of 24 bits are seen all the same: the page's policy lets no inline style in (row 8)", async ({
  signedIn: page,
  agent,
}) => {
  await page.addInitScript(() => {
    const getContext = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
      return kind.startsWith("webgl") ? null : Reflect.apply(getContext, this, [kind, ...rest]);
    } as typeof getContext;
  });
  const name = newName("painted");
  await agent.client.workspaces.create({ name });
  await page.goto(`${agent.url}/w/${name}`);
  const terminal = terminalOf(page);
  await terminal.attached();
  await terminal.run(String.raw`printf '\e[38;2;12;120;90mgreen%s\e[0m\n' ish`);
  const word = page.locator(".xterm-rows span", { hasText: "greenish" });
  await expect(word).toHaveCSS("color", "rgb(12, 120, 90)");
});
