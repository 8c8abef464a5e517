import { expect, newName, test } from "./fixtures.ts";

test.use({ serviceWorkers: "allow" });

test("without a network the page opens all the same, says so, and is live again by itself", async ({
  signedIn: page,
  context,
  agent,
}) => {
  const name = newName("kept");
  await agent.client.workspaces.create({ name });
  await page.evaluate(() => navigator.serviceWorker.ready);
  await context.setOffline(true);
  for (const path of ["/", `/w/${name}/files`]) {
    await page.goto(agent.url + path);
    await expect(page.getByRole("banner").getByRole("status")).toHaveText("Reconnecting…");
    await expect(page.getByRole("alert")).toHaveText("The worker does not answer.");
  }
  await context.setOffline(false);
  await expect(page.getByRole("banner").getByRole("status")).toHaveText("Live");
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
});

test("nothing that the agent answered is kept: only the page itself", async ({ signedIn: page, agent }) => {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.goto(`${agent.url}/tasks`);
  await page.getByRole("heading", { name: "Tasks", level: 1 }).waitFor();
  const kept = await page.evaluate(async () => {
    const names = await caches.keys();
    const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return all.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(kept).toContain("/");
  expect(kept.filter((path) => !/^\/(?:assets\/[\w.-]+|mark\.svg|theme\.js)?$/.test(path))).toEqual([]);
});

test("it can be installed: a manifest with icons that are there, and a page of its own to begin with", async ({
  signedIn: page,
  agent,
}) => {
  const session = await page.context().newCDPSession(page);
  const { errors } = await session.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  await page.evaluate(() => navigator.serviceWorker.ready);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  // A browser that a program drives has no profile that lasts; it has no other complaint.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito")).toEqual([]);
  const manifest = await (await page.request.get(`${agent.url}/manifest.webmanifest`)).json();
  for (const { src, sizes } of manifest.icons) {
    const response = await page.request.get(agent.url + src);
    expect([src, response.status(), sizes]).toEqual([src, 200, expect.any(String)]);
  }
});
