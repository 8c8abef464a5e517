import { expect, newName, test } from "./fixtures.ts";
import { place } from "./place.ts";

test("what has changed is shown in groups, staged, unstaged and committed, by file and whole", async ({
  signedIn: page,
  agent,
  git,
}) => {
  const repository = await git.create(`team/${newName("groups")}`, {
    files: { "src/main.ts": "export const one = 1;\nexport const two = 2;\n", "gone.txt": "gone\n" },
  });
  const { name, sh } = await place(agent, repository.url);
  await sh(`sed -i 's/= 2/= "two"/' src/main.ts && rm gone.txt && mkdir -p new && echo fresh > new/file.txt`);
  await page.goto(`${agent.url}/w/${name}`);
  await page.getByRole("tab", { name: "Git" }).click();
  await expect(page).toHaveURL(/\/git$/);
  await expect(page.getByRole("button", { name: "Changed 2" })).toBeVisible();
  await expect(page.getByRole("button", { name: "New files 1" })).toBeVisible();

  await page.getByRole("button", { name: /^main\.ts/ }).click();
  const diff = page.getByRole("region", { name: "Lines" });
  await expect(diff).toContainText("export const two = 2;");
  await expect(diff).toContainText('export const two = "two";');
  await expect(diff.locator(".tok-keyword").first()).toBeVisible();

  await page.getByRole("button", { name: "Stage src/main.ts" }).click();
  await expect(page.getByRole("button", { name: "Staged 1" })).toBeVisible();
  expect(await sh("git diff --cached --name-only")).toBe("src/main.ts\n");
  await page.getByRole("button", { name: "Unstage src/main.ts" }).click();
  await expect(page.getByRole("button", { name: "Changed 2" })).toBeVisible();
  await page.getByRole("button", { name: "Stage all: Changed" }).click();
  await expect(page.getByRole("button", { name: "Staged 2" })).toBeVisible();

  await page.getByLabel("Commit message").fill("Say it in words");
  await page.getByRole("button", { name: "Commit 2 files" }).click();
  await expect(page.getByText(/^Committed as/)).toBeVisible();
  expect(await sh("git log -1 --format=%s && git show --stat --format= HEAD | tail -1")).toMatch(
    /^Say it in words\n 2 files changed/,
  );
  await page.getByLabel("Commit message").fill("Add the rest");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Nothing has changed")).toBeVisible();
  expect(await sh("git status --porcelain")).toBe("");

  await page.getByRole("tab", { name: "History" }).click();
  await page.getByRole("button", { name: /^Say it in words/ }).click();
  await expect(page.getByRole("heading", { name: "gone.txt" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Lines" })).toContainText("gone");
});

test("nothing is discarded before what is lost was named", async ({ signedIn: page, agent, git }) => {
  const repository = await git.create(`team/${newName("discard")}`, { files: { "kept.txt": "kept\n" } });
  const { name, sh } = await place(agent, repository.url);
  await sh("echo more >> kept.txt && echo fresh > fresh.txt");
  await page.goto(`${agent.url}/w/${name}/git`);
  await page.getByRole("button", { name: "Discard kept.txt" }).click();
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText("kept.txt, 1 added and 0 removed lines");
  await question.getByRole("button", { name: "Cancel" }).click();
  expect(await sh("cat kept.txt")).toBe("kept\nmore\n");
  await page.getByRole("button", { name: "Discard kept.txt" }).click();
  await question.getByRole("button", { name: "Discard" }).click();
  await expect(question).toBeHidden();
  expect(await sh("cat kept.txt")).toBe("kept\n");
  await page.getByRole("button", { name: "Delete fresh.txt" }).click();
  await expect(question).toContainText("fresh.txt, whole");
  await question.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("Nothing has changed")).toBeVisible();
  expect(await sh("ls")).toBe("kept.txt\n");
});
