import { expect, test } from "vitest";
import type { Credentials } from "./config.ts";
import { identityEnvironment } from "./identity.ts";

const log = { debug() {}, info() {}, warn() {}, error() {} };
const ada = { name: "Ada", email: "ada@example.test" };
const bot = { name: "app[bot]", email: "1+app[bot]@users.noreply.github.com" };
const user = async () => ({ name: "User", email: "user@example.test" });
/** A credential service with an app that answers so. */
const withApp = (identity: () => Promise<typeof bot>) =>
  ({ getProvider: () => ({ identity }) }) as unknown as Credentials;
const withoutApp = { getProvider: () => undefined } as unknown as Credentials;

test("commits are made in the configured name, else the app's, else the user's own, and else in none", async () => {
  const asks: string[] = [];
  const app = withApp(async () => {
    asks.push("app");
    return bot;
  });
  expect(await identityEnvironment(ada, app, log, user)()).toMatchObject({
    GIT_AUTHOR_NAME: "Ada",
    GIT_COMMITTER_EMAIL: ada.email,
  });
  const ask = identityEnvironment(undefined, app, log, user);
  for (let round = 0; round < 2; round += 1)
    expect(await ask()).toMatchObject({ GIT_AUTHOR_NAME: bot.name, GIT_AUTHOR_EMAIL: bot.email });
  expect(asks).toEqual(["app"]);
  expect(await identityEnvironment(undefined, withoutApp, log, user)()).toMatchObject({ GIT_AUTHOR_NAME: "User" });
  expect(await identityEnvironment(undefined, withoutApp, log, async () => undefined)()).toEqual({});
});

test("an app that does not answer is no obstacle", async () => {
  const silent = withApp(() => Promise.reject(new Error("no answer")));
  expect(await identityEnvironment(undefined, silent, log, user)()).toMatchObject({ GIT_COMMITTER_NAME: "User" });
});
