import { generateKeyPairSync, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startGitHubServer, type GitHubServer } from "@ws/git-provider/testing";
import type { Page } from "@playwright/test";
import { startAgentProcess } from "../support/agent-process.ts";
import { forgeEnvironment } from "../support/forge.ts";
import { passes } from "./axe.ts";
import { fits, phone } from "./every-place.ts";
import { expect, newName, test as base } from "./fixtures.ts";

const { publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2_048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

/** A worker whose GitHub is one that answers here, and takes logins by code. */
const test = base.extend<object, { github: GitHubServer }>({
  github: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the pattern to know what a fixture needs
    async ({}, use) => {
      await using github = await startGitHubServer();
      await use(github);
    },
    { scope: "worker" },
  ],
  agent: [
    async ({ github }, use) => {
      const { clientId } = github.app({ publicKey });
      await using agent = await startAgentProcess({
        env: { ...forgeEnvironment(github), WS_GITHUB_CLIENT_ID: clientId, WS_RUNTIME: "local" },
      });
      await use(agent);
    },
    { scope: "worker", timeout: 300_000 },
  ],
});

const dialog = (page: Page) => page.getByRole("dialog");

async function add(page: Page, kind: string, fields: Record<string, string>): Promise<void> {
  await page.getByRole("button", { name: "Add credential" }).click();
  await page.getByRole("menuitem", { name: kind }).click();
  for (const [label, text] of Object.entries(fields)) await dialog(page).getByLabel(label, { exact: true }).fill(text);
  await dialog(page).getByRole("button", { name: "Add", exact: true }).click();
}

test("sections have addresses of their own, are found by words, and what is no section leads to the list", async ({
  signedIn: page,
  agent,
}) => {
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
  const list = page.getByRole("navigation", { name: "Settings" });
  await page.getByRole("searchbox", { name: "Find a setting" }).fill("device login");
  await expect(list.getByRole("link")).toHaveCount(1);
  await list.getByRole("link", { name: /^GitHub/ }).click();
  await expect(page).toHaveURL(`${agent.url}/settings/github`);
  await expect(page.getByRole("heading", { name: "GitHub", level: 1 })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  await page.goto(`${agent.url}/settings/nothing-such`);
  await expect(page.getByText("There is no section of that name")).toBeVisible();
  await expect(list.getByRole("link", { name: /^Credentials/ })).toBeVisible();
});

test("a token that may not see a section is told so, and nothing of it is asked for", async ({ page, agent }) => {
  const { token } = await agent.client.tokens.create({ name: newName("reader"), scope: "read" });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.addInitScript((text) => localStorage.setItem("ws.token", text), token);
  await page.goto(`${agent.url}/settings/credentials`);
  await expect(page.getByText("For administrators").last()).toBeVisible();
  await expect(page.getByText("may only look")).toBeVisible();
  await page.goto(`${agent.url}/settings`);
  await expect(page.getByRole("link", { name: /^Credentials.*For administrators/ })).toBeVisible();
  expect(asked).toContain("/rpc/auth/whoami");
  expect(asked.filter((path) => path.startsWith("/rpc/credentials/"))).toEqual([]);
});

test("a secret that was added is met nowhere again: no answer, no page, no storage, no address (CVE-2025-66411)", async ({
  signedIn: page,
  agent,
}) => {
  const canary = randomBytes(24).toString("hex");
  const answers: Promise<string>[] = [];
  const sent: string[] = [];
  // What is followed has no end to wait for; what a page has left behind cannot be read any more.
  page.on("requestfinished", (request) => {
    const read = async () => (await request.response())?.text() ?? "";
    answers.push(read().catch(() => ""));
  });
  page.on("request", (request) => sent.push(request.url(), JSON.stringify(request.headers())));
  await page.goto(`${agent.url}/settings/credentials`);
  const name = newName("CANARY").replace("-", "_");
  await add(page, "Environment variable…", { Name: `1${name}`, Value: canary });
  await expect(dialog(page).getByText("Use letters, digits and underscores")).toBeVisible();
  expect(await page.content()).not.toContain(canary);
  await dialog(page).getByLabel("Name", { exact: true }).fill(name);
  await dialog(page).getByRole("button", { name: "Add", exact: true }).click();
  const row = page.getByRole("listitem").filter({ hasText: name });
  await expect(row).toContainText(canary.slice(-4));
  await page.reload();
  await expect(row).toBeVisible();
  await row.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Replace…" }).click();
  await expect(dialog(page).getByLabel("Value", { exact: true })).toHaveValue("");
  await page.keyboard.press("Escape");
  for (const path of ["/settings", "/settings/github", "/"]) await page.goto(agent.url + path);
  await page.goto(`${agent.url}/settings/credentials`);
  await expect(row).toBeVisible();
  const kept = await page.evaluate(() =>
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), history.state]),
  );
  const bodies = await Promise.all(answers);
  expect(bodies.filter((body) => body.includes(name) && body.includes(canary.slice(-4)))).not.toEqual([]);
  const seen = [...bodies, ...sent, kept, page.url(), await page.content(), agent.output()];
  expect(seen.filter((text) => text.includes(canary))).toEqual([]);
  await row.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Remove…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await expect(row).toHaveCount(0);
});

test("a token from a file is tested with its forge, used by a workspace, and its grant is revoked", async ({
  signedIn: page,
  agent,
  github,
}) => {
  const [name, workspace] = [newName("work"), newName("granted")];
  const token = github.token("ada");
  const repository = await github.repository(`acme/${workspace}`, { private: true, collaborators: ["ada"] });
  await page.goto(`${agent.url}/settings/credentials`);
  await add(page, "Token of a forge…", { Name: name, Token: "no-such-token" });
  await expect(dialog(page).getByRole("alert")).toContainText("Authentication failed");
  const file = join(agent.configDirectory, "token.txt");
  await writeFile(file, `${token}\n`);
  const chooser = page.waitForEvent("filechooser");
  await dialog(page).getByRole("button", { name: "Choose a file" }).click();
  await (await chooser).setFiles(file);
  await expect(dialog(page).getByText("Read from token.txt.")).toBeVisible();
  await dialog(page).getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("button", { name: `Test ${name}` }).click();
  const row = page.getByRole("listitem").filter({ has: page.getByRole("button", { name: `Test ${name}` }) });
  await expect(row.getByText("takes it: it is ada's.")).toBeVisible();

  await agent.client.workspaces.create({ name: workspace, clone: repository.url });
  await page.reload();
  await expect(row.getByRole("link", { name: workspace })).toBeVisible();
  await page.getByRole("button", { name: `Revoke what ${workspace} may do` }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("button", { name: `Revoke what ${workspace} may do` })).toHaveCount(0);
  expect((await agent.client.credentials.status({ name: workspace })).grants).toEqual([]);
  github.revoke(token);
  await page.getByRole("button", { name: `Test ${name}` }).click();
  await expect(row.getByRole("alert")).toContainText("does not take this token");
});

test("a login by code goes on when the page is loaded anew, says when it was refused, is cancelled, and is done", async ({
  signedIn: page,
  agent,
  github,
}) => {
  const code = page.getByLabel("Code", { exact: true });
  await page.goto(`${agent.url}/settings/github`);
  await page.getByRole("button", { name: "Log in" }).click();
  const first = await code.innerText();
  await expect(page.getByRole("link", { name: /^Open / })).toHaveAttribute("rel", /noopener/);
  await page.reload();
  await expect(code).toHaveText(first);
  github.decide(first, "denied");
  await expect(page.getByText("The login was refused", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Begin again" }).click();
  await expect(code).not.toHaveText(first);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(code).toHaveCount(0);
  await page.reload();
  await page.getByRole("button", { name: "Log in" }).click();
  github.decide(await code.innerText(), { login: "octo-person" });
  await expect(page.getByText(/^Logged in to .* as octo-person\.$/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Log out…" })).toBeVisible();
});

test("a script is written, refused where it could not run, kept through a visit elsewhere, and run with its output", async ({
  signedIn: page,
  agent,
}) => {
  const [name, workspace] = [newName("tools"), newName("scripted")];
  await agent.client.workspaces.create({ name: workspace });
  await page.goto(`${agent.url}/settings/scripts`);
  await page.getByRole("button", { name: "New script" }).click();
  await dialog(page).getByLabel("Name").fill(`${name}.sh`);
  await dialog(page).getByRole("button", { name: "Create" }).click();
  const text = page.getByRole("textbox", { name: `Text of ${name}.sh` });
  // Typed, because what is filled in by the browser itself is not what the editor makes of keys.
  const write = async (lines: string) => {
    await text.press("ControlOrMeta+a");
    await text.press("Delete");
    await text.pressSequentially(lines);
  };
  await write("echo no first line");
  await expect(page.getByText("Its first line has to say what runs it")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save" })).toBeDisabled();
  await write("#!/bin/sh\necho said by the script\n");
  await page.getByRole("link", { name: /^Credentials/ }).click();
  // The browser asks before it is lost, also where it is not on the screen.
  expect(await page.evaluate(() => dispatchEvent(new Event("beforeunload", { cancelable: true })))).toBe(false);
  await page.getByRole("link", { name: /^Scripts/ }).click();
  await page.getByRole("switch", { name: `Run ${name}.sh after each start` }).waitFor();
  await page.getByRole("button", { name: "Edit" }).last().click();
  await expect(text).toContainText("echo said by the script");
  await text.press("ControlOrMeta+s");
  await expect(page.getByText(`${name}.sh is saved.`)).toBeVisible();
  await page.getByRole("switch", { name: `Run ${name}.sh after each start` }).click();
  await page.getByRole("combobox", { name: "Workspace" }).selectOption(workspace);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByRole("log")).toContainText("said by the script");
  await expect(page.getByText("All of them went well.")).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const [place, use] of Object.entries({ "a desktop": {}, "a phone": phone })) {
    test.describe(`on ${place}, ${colorScheme}`, () => {
      test.use({ ...use, colorScheme, contextOptions: { reducedMotion: "reduce" } });
      test("no section breaks a rule of WCAG 2.2 AA that a machine can check, and each fits the page", async ({
        signedIn: page,
        agent,
      }) => {
        await page.goto(`${agent.url}/settings`);
        await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
        await passes(page);
        for (const section of ["credentials", "github", "scripts", "providers"]) {
          await page.goto(`${agent.url}/settings/${section}`);
          await page.getByRole("heading", { level: 1 }).waitFor();
          await expect(page.getByText(/^(?:Loading|Asking)/)).toHaveCount(0);
          await passes(page);
          await fits(page);
        }
      });
    });
  }
}
