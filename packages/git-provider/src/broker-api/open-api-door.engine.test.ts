import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { Box, Log } from "@ws/workspace-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createNetwork } from "../broker/forge/network.ts";
import { gitHubAddress } from "../forges/github/address.ts";
import { createGranting } from "../testing/granting.ts";
import { openStandInBox } from "../testing/stand-in-box.ts";
import { openApiDoor } from "./open-api-door.ts";

const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
let box: Box;
beforeEach(async () => {
  box = await openStandInBox();
});
afterEach(() => box[Symbol.asyncDispose]());

const open = (url = "https://github.com/octo-org/next.js.git", signal?: AbortSignal) =>
  openApiDoor(box, {
    repository: { url, name: "next.js" },
    addresses: [gitHubAddress(), gitHubAddress("https://ghe.test:8443")],
    credentials: createGranting({ user: "x", password: "never shown" }),
    network: createNetwork({ log }),
    signal,
  });
const read = (name: string) => readFile(`${box.home}/.config/gh/${name}`, "utf8").catch(() => undefined);

test("leads gh to a socket of the place with a token of no worth, and takes it back", async () => {
  const door = await open();
  const hosts = (await read("hosts.yml")) ?? "";
  expect(hosts).toMatch(/^github\.com:\n {4}oauth_token: ws-gh-[0-9a-f]{48}\n$/);
  expect(await read("config.yml")).toBe(`http_unix_socket: ${box.home}/.config/gh/ws.sock\n`);
  expect((await stat(`${box.home}/.config/gh/hosts.yml`)).mode & 0o777).toBe(0o600);
  const remote = await read("ws.gitconfig");
  expect(remote).toContain("url = ssh://git@github.com/octo-org/next.js.git");
  expect(remote).toContain("pushurl = https://github.com/octo-org/next.js.git");
  expect(await readFile(`${box.home}/.gitconfig`, "utf8")).toContain(`gitdir:${box.home}/next.js/`);

  const capability = /ws-gh-\S+/.exec(hosts)?.[0];
  const headers = { host: "api.github.com", authorization: `token ${capability}` };
  const asking = request({ socketPath: `${box.home}/.config/gh/ws.sock`, path: "/repos/octo-org/next.js", headers });
  asking.end();
  const [answer] = await once(asking, "response");
  expect(await text(answer)).toContain("octo-org/next.js through gh: it is not granted");

  await door?.[Symbol.asyncDispose]();
  for (const name of ["hosts.yml", "config.yml", "ws.gitconfig", "ws.sock"]) expect(await read(name)).toBeUndefined();
});

test("names each repository once, however often it is opened, and an Enterprise server without its port", async () => {
  for (const _ of [1, 2]) await open("https://ghe.test:8443/octo-org/next.js");
  expect(await read("hosts.yml")).toMatch(/^ghe\.test:\n/);
  expect(await read("config.yml")).toBe(`http_unix_socket: ${box.home}/.config/gh/ws.sock\n`);
  expect((await readFile(`${box.home}/.gitconfig`, "utf8")).match(/includeIf/g)).toHaveLength(1);
});

test("keeps a person's settings of gh, and gives them back", async () => {
  await mkdir(`${box.home}/.config/gh`, { recursive: true });
  await writeFile(`${box.home}/.config/gh/config.yml`, "editor: vim\naliases:\n    co: pr checkout");
  const door = await open();
  expect(await read("config.yml")).toMatch(/^editor: vim\naliases:\n {4}co: pr checkout\nhttp_unix_socket: \S+\n$/);
  await door?.[Symbol.asyncDispose]();
  expect(await read("config.yml")).toBe("editor: vim\naliases:\n    co: pr checkout\n");
});

test.each([
  ["a login of one's own", "hosts.yml", "github.com:\n    oauth_token: gho_mine\n    user: me\n"],
  ["a login whose token lies elsewhere", "hosts.yml", "github.com:\n    users:\n        me:\n"],
  ["a socket of one's own", "config.yml", "http_unix_socket: /run/mine.sock\n"],
])("leaves %s alone, also after an earlier connection", async (_, name, content) => {
  await open();
  await writeFile(`${box.home}/.config/gh/${name}`, content);
  expect(await open()).toBeUndefined();
  expect(await read(name)).toBe(content);
  expect(await read("ws.sock")).toBeUndefined();
  expect(await read("ws.gitconfig")).toBeUndefined();
  expect((await read("config.yml")) ?? "").not.toContain("ws.sock");
});

test.each(["https://git.test/octo-org/next.js", "git@git.test:octo-org/next.js", "https://github.com/octo-org"])(
  "does nothing for %s, which is at no GitHub",
  async (url) => {
    expect(await open(url)).toBeUndefined();
    expect(await read("hosts.yml")).toBeUndefined();
  },
);

test("leaves nothing behind when it is cancelled", async () => {
  const controller = new AbortController();
  controller.abort();
  await expect(open(undefined, controller.signal)).rejects.toMatchObject({ code: "aborted" });
  expect(await read("hosts.yml")).toBeUndefined();
  expect(await read("config.yml")).toBeUndefined();
});
