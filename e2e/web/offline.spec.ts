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

test("a proxy that says that the agent is away is not shown in the page's place, and what the agent refuses is", async ({
  signedIn: page,
  context,
  agent,
}) => {
  await page.evaluate(() => navigator.serviceWorker.ready);
  // What is before the agent answers the service worker too.
  let status = 502;
  await context.route(`${agent.url}/tasks`, (route) => route.fulfill({ status, body: "<h1>Bad gateway</h1>" }));
  await page.goto(`${agent.url}/tasks`);
  await expect(page.getByRole("heading", { name: "Tasks", level: 1 })).toBeVisible();
  status = 421;
  await page.goto(`${agent.url}/tasks`);
  await expect(page.getByRole("heading", { name: "Bad gateway" })).toBeVisible();
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

test("what is pushed is shown while no page is in front, and a press leads there without a load (row 8)", async ({
  signedIn: page,
  context,
  agent,
}) => {
  const name = newName("pushed");
  await agent.client.workspaces.create({ name });
  await context.grantPermissions(["notifications"]);
  await page.evaluate(() => navigator.serviceWorker.ready);
  const session = await context.newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const found = registrations.find(({ scopeURL }) => scopeURL === `${agent.url}/`);
      if (found !== undefined) resolve(found.registrationId);
    });
  });
  await session.send("ServiceWorker.enable");
  const registrationId = await registered;
  const push = (data: object) =>
    session.send("ServiceWorker.deliverPushMessage", { origin: agent.url, registrationId, data: JSON.stringify(data) });
  const shown = () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      return (await registration.getNotifications()).map(({ title, body, data }) => ({ title, body, path: data.path }));
    });
  const news = { title: `${name}: a task asks you`, body: "<b>May I?</b>", tag: "t", path: `/w/${name}/tasks` };
  // A page that is in front shows it itself, and nothing leads to another host.
  await push({ ...news, tag: "front" });
  // Another origin of the same agent.
  await page.goto(`${agent.url.replace("127.0.0.1", "localhost")}/health`);
  await push({ ...news, tag: "elsewhere", path: "//evil.test/" });
  await push(news);
  await page.goto(agent.url);
  await expect.poll(shown).toEqual([{ title: news.title, body: news.body, path: news.path }]);
  await page.getByRole("heading", { name: "Workspaces", level: 1 }).waitFor();
  await page.evaluate(() => document.body.setAttribute("data-before", ""));
  const [worker] = context.serviceWorkers();
  await worker?.evaluate(async (path) => {
    // Of a service worker, which this file's types know nothing of.
    const { clients } = globalThis as unknown as { clients: { matchAll(): Promise<Pick<Worker, "postMessage">[]> } };
    for (const client of await clients.matchAll()) client.postMessage({ type: "lead", path });
  }, news.path);
  await expect(page).toHaveURL(agent.url + news.path);
  await expect(page.locator("body[data-before]")).toHaveCount(1);
});
