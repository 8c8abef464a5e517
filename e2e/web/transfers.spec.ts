import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentOf, filesOf, workspaceWith } from "./files.ts";
import { expect, test } from "./fixtures.ts";

test("files are uploaded; what is there already is asked about, what is protected is refused", async ({
  signedIn: page,
  agent,
}) => {
  const name = await workspaceWith(agent, { "docs/old.txt": "old" });
  await page.goto(`${agent.url}/w/${name}/files`);
  await filesOf(page, name).item("docs").click();
  await filesOf(page, name).item("old.txt").waitFor();
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Add files" }).click();
  await page.getByRole("menuitem", { name: "Upload files…" }).click();
  const file = (title: string, text: string) => ({ name: title, mimeType: "text/plain", buffer: Buffer.from(text) });
  await (await choosing).setFiles([file("new.txt", "new"), file("old.txt", "newer"), file(".env", "A=1")]);
  const uploads = page.getByRole("region", { name: "Uploads" });
  await expect(uploads.getByRole("alert")).toContainText("'docs/old.txt' is there already");
  await expect(uploads.getByRole("list", { name: "Not uploaded" })).toContainText("docs/.env");
  expect(await contentOf(agent, name, "docs/old.txt")).toBe("old");
  await uploads.getByRole("button", { name: "Replace it" }).click();
  await expect(uploads.getByRole("status")).toHaveText("2 files uploaded to docs");
  expect(await contentOf(agent, name, "docs/old.txt")).toBe("newer");
  await expect(filesOf(page, name).item("new.txt")).toBeVisible();
  await uploads.getByRole("button", { name: "Dismiss" }).click();
  await expect(uploads).toHaveCount(0);
});

test("what is dropped over a folder goes into it", async ({ signedIn: page, agent }) => {
  const name = await workspaceWith(agent, { "docs/old.txt": "old" });
  await page.goto(`${agent.url}/w/${name}/files`);
  const docs = filesOf(page, name).item("docs");
  await docs.waitFor();
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["dropped"], "dropped.txt"));
    return data;
  });
  await docs.dispatchEvent("dragenter", { dataTransfer: transfer });
  await docs.dispatchEvent("dragover", { dataTransfer: transfer });
  await expect(page.getByText("Upload into docs")).toBeVisible();
  await docs.dispatchEvent("drop", { dataTransfer: transfer });
  await expect(page.getByRole("region", { name: "Uploads" })).toContainText("1 file uploaded");
  expect(await contentOf(agent, name, "docs/dropped.txt")).toBe("dropped");
});

test("a whole folder goes up as it is, and comes down as a zip", async ({ signedIn: page, agent }) => {
  const name = await workspaceWith(agent, { "readme.md": "x" });
  const directory = await mkdtemp(join(tmpdir(), "ws-e2e-upload-"));
  try {
    await mkdir(join(directory, "site/deep"), { recursive: true });
    await writeFile(join(directory, "site/index.html"), "<p>");
    await writeFile(join(directory, "site/deep/ü.txt"), "deep");
    await page.goto(`${agent.url}/w/${name}/files`);
    await filesOf(page, name).item("readme.md").waitFor();
    const choosing = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Add files" }).click();
    await page.getByRole("menuitem", { name: "Upload a folder…" }).click();
    await (await choosing).setFiles(join(directory, "site"));
    const site = filesOf(page, name).item("site");
    await expect(page.getByRole("region", { name: "Uploads" }).getByRole("status")).toHaveText(
      "2 files uploaded to site",
    );
    expect(await contentOf(agent, name, "site/deep/ü.txt")).toBe("deep");

    await site.click({ button: "right" });
    const saving = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "Download as zip" }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe("site.zip");
    expect((await readFile(await saved.path())).subarray(0, 4)).toEqual(Buffer.from("PK\u0003\u0004"));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

test("an upload tells how far it has come, and a cancel leaves nothing half there", async ({
  signedIn: page,
  agent,
}) => {
  const name = await workspaceWith(agent, { "a.txt": "x" });
  await page.goto(`${agent.url}/w/${name}/files`);
  await filesOf(page, name).item("a.txt").waitFor();
  // An answer that does not come, so that there is time to look.
  await page.route(`**/files/${name}/large.bin`, () => undefined);
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles({ name: "large.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(1_000_000) });
  const uploads = page.getByRole("region", { name: "Uploads" });
  await expect(uploads.getByRole("progressbar")).toBeVisible();
  await uploads.getByRole("button", { name: "Cancel" }).click();
  await expect(uploads.getByRole("status")).toHaveText("Cancelled: 0 files uploaded");
  expect((await agent.client.files.list({ name })).entries.map((entry) => entry.name)).not.toContain("large.bin");
});

test("an upload goes on while another page is looked at, and closing the tab asks first", async ({
  signedIn: page,
  agent,
}) => {
  const name = await workspaceWith(agent, { "a.txt": "x" });
  await page.goto(`${agent.url}/w/${name}/files`);
  await filesOf(page, name).item("a.txt").waitFor();
  const arrived = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  await page.route(`**/files/${name}/slow.bin`, async (route) => {
    arrived.resolve();
    await go.promise;
    await route.continue();
  });
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles({ name: "slow.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(1000) });
  await arrived.promise;
  await page.getByRole("link", { name: "Workspaces" }).click();
  await page.getByRole("heading", { name: "Workspaces", level: 1 }).waitFor();
  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  expect((await asked).type()).toBe("beforeunload");
  go.resolve();
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("tab", { name: "Files" }).click();
  await expect(page.getByRole("region", { name: "Uploads" })).toContainText("1 file uploaded");
  await expect(filesOf(page, name).item("slow.bin")).toBeVisible();
});

test("what is let go of beside the tree is not opened in the dashboard's place", async ({ signedIn: page, agent }) => {
  const name = await workspaceWith(agent, { "a.txt": "x" });
  await page.goto(`${agent.url}/w/${name}/files?path=a.txt`);
  await filesOf(page, name).item("a.txt").waitFor();
  const refused = await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["x"], "x.pdf"));
    const drop = (type: string) => new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
    const place = document.querySelector("header");
    return ["dragover", "drop"].map((type) => place?.dispatchEvent(drop(type)));
  });
  expect(refused).toEqual([false, false]);
});
