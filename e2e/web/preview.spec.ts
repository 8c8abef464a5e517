import type { Page } from "@playwright/test";
import { expect, newName, test } from "./fixtures.ts";

const PORT = 3000;

/** Tells each request's headers, sets a cookie for all hosts, and says back what its WebSocket is told, as a server for hot reload has one. */
const APP = `
const { createHash } = require("node:crypto");
const server = require("node:http").createServer((request, response) => {
  response.setHeader("set-cookie", "app=1; Domain=localhost; Path=/");
  response.setHeader("content-type", "text/html");
  response.end("<title>App</title><pre>" + JSON.stringify({ url: request.url, raw: request.rawHeaders }) + "</pre>");
});
server.on("upgrade", (request, socket) => {
  const accept = createHash("sha1").update(request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
  socket.write("HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: " + accept + "\\r\\n\\r\\n");
  socket.on("error", () => undefined);
  socket.on("data", (frame) => {
    if ((frame[0] & 15) !== 1) return;
    const length = frame[1] & 127;
    const text = Buffer.from(frame.subarray(6, 6 + length).map((byte, index) => byte ^ frame[2 + (index % 4)]));
    socket.write(Buffer.concat([Buffer.of(129, length), text]));
  });
});
server.listen(${PORT}, "127.0.0.1");
`;

/** What the app was told of the page that is shown. */
async function told(page: Page): Promise<Record<string, string>> {
  const { raw } = JSON.parse((await page.locator("pre").textContent()) ?? "") as { raw: string[] };
  return Object.fromEntries(
    raw.flatMap((name, index) => (index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1] ?? ""]] : [])),
  );
}

test("a preview is told nothing of the person's, reaches nothing of the agent's, and ends with the token (row 5)", async ({
  signedIn: page,
  agent,
}) => {
  const [name, other] = [newName("shown"), newName("sibling")];
  for (const each of [name, other]) {
    await agent.client.workspaces.create({ name: each });
    await agent.client.files.write({ name: each, path: "app.js", content: APP });
    await agent.client.workspaces.exec({ name: each, command: "setsid node app.js >app.log 2>&1 </dev/null &" });
    await expect
      .poll(async () => (await agent.client.ports.list({ name: each })).map(({ port }) => port))
      .toContain(PORT);
  }
  const token = (
    await page.evaluate(() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]))
  ).match(/wst_[\w-]+/)?.[0];
  expect(token).toBeDefined();
  const device = (await agent.client.devices.list()).at(-1);
  // As the dashboard asks, with the token that this browser signed in with.
  const { url } = await page.evaluate(
    async ({ name, port, token }) => {
      const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
      const body = JSON.stringify({ json: { name, port } });
      const answer = await fetch("/rpc/previews/open", { method: "POST", headers, body });
      return ((await answer.json()) as { json: { url: string } }).json;
    },
    { name, port: PORT, token },
  );
  const host = `${PORT}--${name}.localhost:${new URL(agent.url).port}`;

  const context = page.context();
  const preview = await context.newPage();
  await preview.goto(url);
  await expect(preview).toHaveTitle("App");
  expect(preview.url()).toBe(`http://${host}/`);
  const headers = await told(preview);
  expect(headers).toMatchObject({ host, "x-forwarded-host": host, "x-forwarded-proto": "http", connection: "close" });
  expect(headers).not.toHaveProperty("authorization");
  expect(headers).not.toHaveProperty("cookie");
  expect(JSON.stringify(headers)).not.toContain("wst_");

  await test.step("its own cookies come back, and go to its own host only", async () => {
    await preview.reload();
    expect((await told(preview))["cookie"]).toBe("app=1");
    const origins = [
      `http://${PORT}--${other}.localhost/`,
      `http://3001--${name}.localhost/`,
      "http://localhost/",
      agent.url,
    ];
    for (const origin of origins) expect(await context.cookies(origin)).toEqual([]);
    const ours = (await context.cookies(`http://${host}/`)).find(({ name: cookie }) => cookie === "ws-preview");
    expect(ours).toMatchObject({ domain: host.split(":")[0], httpOnly: true, sameSite: "Lax", path: "/" });
    expect(await preview.evaluate(() => document.cookie)).toBe("app=1");
  });

  await test.step("the page calls its own server only, never the agent or another preview", async () => {
    const tried = await preview.evaluate(
      async ({ agentUrl, sibling, token }) => {
        const ask = (at: string, options: RequestInit): Promise<string> =>
          fetch(at, { method: "POST", credentials: "include", ...options }).then(
            async (answer) => `${answer.status} ${answer.type} ${await answer.text()}`,
            () => "refused",
          );
        const json = { "content-type": "application/json" };
        const { port } = new URL(agentUrl);
        return {
          own: await ask("/rpc/info", { headers: json, body: "{}" }),
          ip: await ask(`${agentUrl}/rpc/info`, { headers: json, body: "{}" }),
          named: await ask(`http://localhost:${port}/rpc/info`, {
            headers: { ...json, authorization: `Bearer ${token}` },
            body: "{}",
          }),
          blind: await ask(`http://localhost:${port}/rpc/info`, { mode: "no-cors", body: "{}" }),
          sibling: await ask(sibling, {}),
          storage: JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]),
          opener: String(window.opener),
        };
      },
      { agentUrl: agent.url, sibling: `http://${PORT}--${other}.localhost:${new URL(agent.url).port}/`, token },
    );
    expect(tried).toMatchObject({
      ip: "refused",
      named: "refused",
      blind: "refused",
      sibling: "refused",
      opener: "null",
    });
    expect(tried.storage).not.toContain("wst_");
    expect(tried.own).toContain('"url":"/rpc/info"');
    const socket = await preview.evaluate(
      async (at) =>
        new Promise<string>((resolve) => {
          const tried = new WebSocket(at);
          tried.addEventListener("open", () => resolve("open"));
          tried.addEventListener("error", () => resolve("refused"));
        }),
      `${agent.url.replace("http", "ws")}/terminal/${name}`,
    );
    expect(socket).toBe("refused");
  });

  await test.step("a sibling has not been opened by that, and its page says how to", async () => {
    const sibling = await context.newPage();
    const answer = await sibling.goto(`http://${PORT}--${other}.localhost:${new URL(agent.url).port}/`);
    expect(answer?.status()).toBe(401);
    await expect(sibling.getByText(`ws open ${other} ${PORT}`)).toBeVisible();
    await sibling.close();
  });

  await test.step("where nothing listens the page names what does", async () => {
    const { stdout } = await agent.ws(["open", name, "3999", "--print"]);
    const empty = await context.newPage();
    await empty.goto(stdout.trim());
    await expect(empty.getByRole("heading")).toHaveText(`Nothing listens on port 3999 of '${name}'`);
    await expect(empty.getByRole("listitem")).toContainText(["3000"]);
    await empty.close();
  });

  await test.step("a WebSocket passes, and ends with the sign-in, as everything does", async () => {
    const closed = preview.evaluate(
      async () =>
        new Promise<string>((resolve) => {
          const socket = new WebSocket(`ws://${location.host}/hmr`);
          socket.addEventListener("open", () => socket.send("changed"));
          socket.addEventListener("message", ({ data }) => (document.title = `Told ${String(data)}`));
          socket.addEventListener("close", () => resolve("closed"));
        }),
    );
    await expect(preview).toHaveTitle("Told changed");
    await agent.client.devices.revoke({ device: device?.id ?? "" });
    expect(await closed).toBe("closed");
    const answer = await preview.reload();
    expect(answer?.status()).toBe(401);
    await expect(preview.getByRole("heading")).toHaveText("This browser was not let in here");
  });
});

test("what listens is on the ports' page within seconds, is named there, and opens in a tab of its own once that was agreed to", async ({
  signedIn: page,
  agent,
}) => {
  const name = newName("listens");
  await agent.client.workspaces.create({ name });
  await agent.client.files.write({ name, path: "app.js", content: APP });
  await page.goto(`${agent.url}/w/${name}/ports`);
  await expect(page.getByText("Nothing listens yet")).toBeVisible();
  await agent.client.workspaces.exec({ name, command: "setsid node app.js >app.log 2>&1 </dev/null &" });
  const row = page
    .getByRole("list", { name: "Ports" })
    .getByRole("listitem")
    .filter({ hasText: String(PORT) });
  await expect(row).toContainText("node");

  await page.getByRole("button", { name: `More for port ${PORT}` }).click();
  await page.getByRole("menuitem", { name: "Name it…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Web");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByLabel("Name")).toHaveAttribute("aria-invalid", "true");
  await dialog.getByLabel("Name").fill("web");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(row).toContainText("web");

  const open = page.getByRole("button", { name: `Open port ${PORT}` });
  await open.click();
  const [first] = await Promise.all([
    page.context().waitForEvent("page"),
    page.getByRole("alertdialog").getByRole("button", { name: "Open in a new tab" }).click(),
  ]);
  await expect(first).toHaveTitle("App");
  expect(await first.evaluate(() => window.opener as unknown)).toBeNull();
  // It was agreed to for this workspace.
  const [second] = await Promise.all([page.context().waitForEvent("page"), open.click()]);
  await expect(second).toHaveTitle("App");

  await agent.client.workspaces.exec({ name, command: "kill $(pgrep -f app.js)" });
  await expect(row).toContainText("Nothing listens there now");
  await expect(open).toBeDisabled();
});
