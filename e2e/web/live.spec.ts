import type { Request } from "@playwright/test";
import type { FileChange } from "@ws/rpc-contract";
import { expect, newName, test } from "./fixtures.ts";
import { place } from "./place.ts";

test("the tree, the open file and git follow what a program in the workspace does, and what is typed stays", async ({
  signedIn: page,
  agent,
  git,
}) => {
  const repository = await git.create(`team/${newName("live")}`, { files: { "src/main.ts": "const one = 1;\n" } });
  const { name, sh } = await place(agent, repository.url);
  await page.goto(`${agent.url}/w/${name}/files?path=src%2Fmain.ts`);
  const tree = page.getByRole("tree");
  await expect(tree.getByRole("treeitem", { name: /main\.ts/ })).toBeVisible();
  const editor = page.locator(".cm-content");
  await expect(editor).toContainText("const one = 1;");

  await sh("mkdir -p made/deep && echo fresh > src/made.ts");
  await expect(tree.getByRole("treeitem", { name: /made\.ts/ })).toBeVisible();
  await expect(tree.getByRole("treeitem", { name: /^made/ }).first()).toBeVisible();
  await sh("echo 'const two = 2;' > src/main.ts");
  await expect(editor).toContainText("const two = 2;");
  await sh("rm src/made.ts");
  await expect(tree.getByRole("treeitem", { name: /made\.ts/ })).toBeHidden();

  await editor.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("const mine = 3;");
  await sh("echo 'const theirs = 4;' >> src/main.ts");
  await expect(page.getByRole("button", { name: "Compare" })).toBeVisible();
  await expect(editor).toContainText("const mine = 3;");

  await page.getByRole("tab", { name: "Git" }).click();
  await expect(page.getByRole("button", { name: "Changed 1" })).toBeVisible();
  await sh("echo fresh > new.txt");
  await expect(page.getByRole("button", { name: "New files 1" })).toBeVisible();
  await sh("git add new.txt");
  await expect(page.getByRole("button", { name: "Staged 1" })).toBeVisible();
  await sh("git commit -qam 'All of it'");
  await expect(page.getByText("Nothing has changed")).toBeVisible();
});

test("a checkout of 10,000 files floods nobody, and the page shows what is there afterwards", async ({
  signedIn: page,
  agent,
  git,
}) => {
  const repository = await git.create(`team/${newName("many")}`, { files: { "read.me": "x\n" } });
  const { name, sh } = await place(agent, repository.url);
  const many =
    "for d in $(seq 100); do mkdir -p many/$d && (cd many/$d && for f in $(seq 100); do echo $d > $f.txt; done); done";
  await sh(`git checkout -qb many && ${many} && git add -A && git commit -qm many && git checkout -q -`);
  await page.goto(`${agent.url}/w/${name}/files`);
  const tree = page.getByRole("tree");
  await expect(tree.getByRole("treeitem", { name: /read\.me/ })).toBeVisible();

  const changes = await agent.client.files.watch({ name });
  expect((await changes.next()).value).toEqual({ resync: true });
  await sh("git checkout -q many && echo > last.txt");
  const told: FileChange[] = [];
  // Written last: where the flood took its name with it, that anything may have changed says so, too.
  for (let isOver = false; !isOver;) {
    const next = await changes.next();
    if (next.done === true) throw new Error("the stream ended");
    const { value } = next;
    told.push(value);
    if ("resync" in value) await sh("echo >> last.txt");
    isOver = "paths" in value && value.paths.includes("last.txt");
  }
  await changes.return?.();
  // Of a slow machine, too: each name once at the most, and no event with more than 500 of them.
  expect(JSON.stringify(told).length).toBeLessThan(400_000);
  expect(told.filter((change) => "paths" in change && change.paths.length > 500)).toEqual([]);

  await tree.getByRole("treeitem", { name: /^many/ }).click();
  await expect(tree.getByRole("treeitem", { name: /^100\b/ })).toBeVisible();
  await sh("git checkout -q -f -");
  await expect(tree.getByRole("treeitem", { name: /^many/ })).toBeHidden();
});

test("a page holds one stream of what happens, and one more while files are shown: a browser has six connections", async ({
  signedIn: page,
  agent,
}) => {
  const open = new Set<Request>();
  page.on("request", (request) => /\/rpc\/.*(?:events|watch|output)/i.test(request.url()) && open.add(request));
  for (const over of ["requestfinished", "requestfailed"] as const) {
    page.on(over as "requestfinished", (request) => void open.delete(request));
  }
  const streams = () => [...open].map((request) => new URL(request.url()).pathname).sort();
  const name = newName("streams");
  await agent.client.workspaces.create({ name, runtime: "local" });
  await page.goto(`${agent.url}/w/${name}/tasks`);
  await expect(page.getByRole("heading", { name: "No tasks yet" })).toBeVisible();
  await agent.client.tasks.create({ name, title: "one", spec: { kind: "command", command: "true" } });
  await expect(page.getByText("one", { exact: true })).toBeVisible();
  expect(streams()).toEqual(["/rpc/workspaces/events"]);
  await page.getByRole("tab", { name: "Files" }).click();
  await expect.poll(streams).toEqual(["/rpc/files/watch", "/rpc/workspaces/events"]);
});
