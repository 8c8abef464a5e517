import type { Page } from "@playwright/test";
import type { AgentProcess } from "../support/agent-process.ts";
import { passes } from "./axe.ts";
import { fits, phone } from "./every-place.ts";
import { expect, newName, test } from "./fixtures.ts";

const SCRIPT = "<img src=x onerror=alert(1)>.ts";

/** Every kind of change, with a name and a line that are longer than any page is wide. */
const CHANGES = [
  "seq 60 | sed 's/.*/export function f&(value: string): number { return value.length + &; } \\/\\/ &/' > main.ts",
  "echo gone > gone.txt && git add . && git commit -qm 'Add functions'",
  `sed -i '5s/.*/export const five = "five";/' main.ts && rm gone.txt && head -c 300 /dev/urandom > logo.bin`,
  "mkdir -p a/very/long/way/down/to/a/file && seq 3000 | tr '\\n' ' ' > a/very/long/way/down/to/a/file/that-has-a-long-name.ts",
  "git add logo.bin && git stash push -qm 'Put away' -- gone.txt && echo x > staged.ts && git add staged.ts",
].join(" && ");

async function place(agent: AgentProcess, url: string, command: string) {
  const name = newName("look");
  await agent.client.workspaces.create({ name, clone: url });
  const { exitCode } = await agent.client.workspaces.exec({ name, command, timeout: 120_000 });
  expect(exitCode).toBe(0);
  return name;
}

/** Each of the panel's screens, one after the other. */
async function screens(page: Page, address: string, look: () => Promise<void>) {
  await page.goto(`${address}/git`);
  await page.getByRole("button", { name: /^Changed/ }).waitFor();
  await look();
  await page.goto(`${address}/git?change=changed:main.ts`);
  await page.locator(".tok-keyword").first().waitFor();
  await look();
  await page.goto(`${address}/git?view=history`);
  await page.getByRole("button", { name: /^Add functions/ }).click();
  await page.getByRole("heading", { name: "gone.txt" }).waitFor();
  await look();
  await page.goto(`${address}/git?view=stashes`);
  await page.getByRole("button", { name: "Drop…" }).click();
  await page.getByRole("alertdialog").waitFor();
  await look();
  await page.goto(`${address}/git?view=pull-request`);
  await page.getByRole("button", { name: "Push and open" }).waitFor();
  await look();
  await page.getByRole("button", { name: /^Branch:/ }).click();
  await page.getByRole("list", { name: "Branches" }).getByRole("listitem").first().waitFor();
  await look();
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: "reduce" } });

    test("no screen of git breaks a rule of WCAG 2.2 AA that a machine can check", async ({
      signedIn: page,
      agent,
      git,
    }) => {
      const repository = await git.create(`team/${newName("axe")}`);
      const name = await place(agent, repository.url, CHANGES);
      await screens(page, `${agent.url}/w/${name}`, () => passes(page));
    });
  });
}

test.describe("on a phone", () => {
  test.use(phone);

  test("every screen of git fits its width, and a file is left the way the browser goes back", async ({
    signedIn: page,
    agent,
    git,
  }) => {
    const repository = await git.create(`team/${newName("phone")}`);
    const name = await place(agent, repository.url, CHANGES);
    await screens(page, `${agent.url}/w/${name}`, () => fits(page));
    await page.goto(`${agent.url}/w/${name}/git`);
    await page.getByRole("button", { name: /^that-has-a-long-name/ }).tap();
    await expect(page.getByRole("region", { name: "Lines" })).toContainText("1 2 3");
    await expect(page.getByRole("button", { name: /^Changed/ })).toBeHidden();
    await fits(page);
    await page.goBack();
    await expect(page.getByRole("button", { name: /^Changed/ })).toBeVisible();
  });
});

test("with the keyboard alone a file is found, looked at, staged and committed", async ({
  signedIn: page,
  agent,
  git,
}) => {
  const repository = await git.create(`team/${newName("keys")}`, { files: { "a.ts": "1\n", "b.ts": "1\n" } });
  const name = await place(agent, repository.url, "echo 2 > a.ts && echo 2 > b.ts");
  await page.goto(`${agent.url}/w/${name}/git`);
  await page.getByRole("button", { name: /^Changed 2/ }).focus();
  await page.keyboard.press("End");
  await expect(page.getByRole("button", { name: /^b\.ts/ })).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(page.getByRole("button", { name: /^a\.ts/ })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("button", { name: /^b\.ts/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "b.ts" })).toContainText("+1");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Stage b.ts" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Staged 1" })).toBeVisible();
  await page.getByLabel("Commit message").focus();
  await page.keyboard.type("Two");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("button", { name: "Staged 1" })).toBeHidden();
  await expect(page.getByRole("button", { name: "Changed 1" })).toBeVisible();
});

test("ten thousand new files are one list, with as many rows in the page as there is room for", async ({
  signedIn: page,
  agent,
  git,
}) => {
  const repository = await git.create(`team/${newName("many")}`);
  const make = "mkdir many && cd many && seq -w 10000 | while read n; do echo $n > f$n.ts; done";
  const name = await place(agent, repository.url, make);
  await page.goto(`${agent.url}/w/${name}/git`);
  const group = page.getByRole("button", { name: "New files 10,000" });
  await expect(group).toBeVisible();
  expect(await page.getByRole("list", { name: "Changed files" }).getByRole("listitem").count()).toBeLessThan(80);
  await group.focus();
  await page.keyboard.press("End");
  await expect(page.getByRole("button", { name: /^f10000\.ts/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Lines" })).toContainText("10000");
  await page.getByRole("button", { name: /^f10000\.ts/ }).press("Home");
  await expect(group).toBeFocused();
  await page.getByRole("button", { name: "Stage all: New files" }).click();
  await expect(page.getByRole("button", { name: "Staged 10,000" })).toBeVisible({ timeout: 60_000 });
});

test("a comparison of five thousand lines is scrolled to its end", async ({ signedIn: page, agent, git }) => {
  const repository = await git.create(`team/${newName("long")}`);
  const make =
    "seq 2400 | sed 's/.*/const a& = &;/' > a.ts && git add a.ts && git commit -qm A && sed -i 's/= /= 1/' a.ts";
  const name = await place(agent, repository.url, make);
  await page.goto(`${agent.url}/w/${name}/git?change=changed:a.ts`);
  const lines = page.getByRole("region", { name: "Lines" });
  await expect(lines).toContainText("const a1 = 11;");
  expect(await lines.locator("[data-index]").count()).toBeLessThan(200);
  await lines.focus();
  await page.keyboard.press("End");
  await expect(lines).toContainText("const a2400 = 12400;");
});

test("names of files, branches and commits are text (row 8, stored XSS)", async ({
  signedIn: page,
  troubles,
  agent,
  git,
}) => {
  const repository = await git.create(`team/${newName("hostile")}`);
  const make = `git checkout -q -b '<b>bold' && echo '${SCRIPT}' > '${SCRIPT}' && git add . && git commit -qm '${SCRIPT}' && echo more >> '${SCRIPT}'`;
  const name = await place(agent, repository.url, make);
  await page.goto(`${agent.url}/w/${name}/git`);
  await page.getByRole("button", { name: SCRIPT, exact: false }).first().click();
  await expect(page.getByRole("region", { name: "Lines" })).toContainText(SCRIPT);
  await page.getByRole("tab", { name: "History" }).click();
  await page.getByRole("list", { name: "Commits" }).getByRole("button", { name: SCRIPT, exact: false }).click();
  await expect(page.getByRole("region", { name: "Lines" })).toContainText(SCRIPT);
  expect(troubles).toEqual({ dialogs: [], errors: [] });
});

test("a new repository within, a new link and a hidden character are told as what they are (CVE-2021-42574)", async ({
  signedIn: page,
  agent,
  git,
}) => {
  const repository = await git.create(`team/${newName("odd")}`);
  const make = [
    "git init -q inner && touch inner/a && ln -s /etc/passwd link",
    String.raw`printf 'if (admin) /*\342\200\256 } \342\201\246*/ {\n' > trojan.c`,
    String.raw`touch "$(printf 'photo\342\200\256gpj.sh')"`,
  ].join(" && ");
  const name = await place(agent, repository.url, make);
  const show = (path: string) =>
    page.goto(`${agent.url}/w/${name}/git?change=${encodeURIComponent(`untracked:${path}`)}`);
  const lines = page.getByRole("region", { name: "Lines" });
  await show("inner/");
  await expect(lines).toContainText("A repository of its own");
  await show("link");
  await expect(lines).toContainText("/etc/passwd");
  await expect(lines).not.toContainText("root:");
  await show("trojan.c");
  await expect(lines).toContainText("U+202E");
  await expect(page.getByRole("button", { name: /^photo‹U\+202E›gpj\.sh/ })).toBeVisible();
  await page.goto(`${agent.url}/w/${name}/files`);
  await expect(page.getByRole("treeitem", { name: "photo‹U+202E›gpj.sh" })).toBeVisible();
});

test("the keyboard stays in the list where the row that had it goes to another group", async ({
  signedIn: page,
  agent,
  git,
}) => {
  const repository = await git.create(`team/${newName("stay")}`, { files: { "a.ts": "1\n", "b.ts": "1\n" } });
  const name = await place(agent, repository.url, "echo 2 > a.ts && echo 2 > b.ts");
  await page.goto(`${agent.url}/w/${name}/git`);
  await page.getByRole("button", { name: "Stage a.ts" }).press("Enter");
  await expect(page.getByRole("button", { name: "Staged 1" })).toBeVisible();
  await expect(page.locator("[data-row]:focus")).toHaveCount(1);
  await page.getByRole("button", { name: "Discard b.ts" }).press("Enter");
  await page.getByRole("alertdialog").getByRole("button", { name: "Discard" }).press("Enter");
  await expect(page.getByRole("button", { name: "Changed 1" })).toBeHidden();
  await expect(page.locator("[data-row]:focus")).toHaveCount(1);
});
