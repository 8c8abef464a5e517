import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Secret, type StoredToken } from "@ws/credentials";
import { expect, onTestFinished, test } from "vitest";
import { loadConfig } from "../config/config.ts";
import { createRedactor } from "../log/redact.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { createTokenStore } from "./token-store.ts";

function setUp() {
  const directory = tempDir();
  onTestFinished(() => directory[Symbol.dispose]());
  writeFileSync(join(directory.path, "config.json"), "{}");
  return () => {
    const options = { configDir: directory.path, env: {}, log: createSilentLog(), redactor: createRedactor() };
    const config = loadConfig(options);
    return { config, tokens: createTokenStore(config, Secret) };
  };
}

function token(name: string, createdAt: number): StoredToken {
  return { name, type: "pat", host: "forge.test", token: new Secret(randomBytes(20).toString("hex")), createdAt };
}

test("a credential that was replaced is among the others by its age, as a login that was renewed is", () => {
  const { tokens } = setUp()();
  const first = token("first", 1);
  tokens.set(first);
  tokens.set(token("second", 2));
  tokens.set(first);
  expect(tokens.list().map(({ name }) => name)).toEqual(["first", "second"]);
  tokens.set(token("first", 3));
  expect(tokens.list().map(({ name }) => name)).toEqual(["second", "first"]);
});

test("that a forge refused a token is there after the agent's next start, and gone with the token", () => {
  const open = setUp();
  const { tokens } = open();
  tokens.set(token("work", 1));
  tokens.refused("work", 7);
  expect(open().tokens.get("work")).toMatchObject({ refusedAt: 7 });
  tokens.set(token("work", 9));
  expect(open().tokens.get("work")).not.toHaveProperty("refusedAt");
});

test("of a token that a variable gave nothing is kept", () => {
  const { config, tokens } = setUp()();
  config.set("env.GITHUB_TOKEN", randomBytes(20).toString("hex"));
  expect(tokens.get("GITHUB_TOKEN")).toMatchObject({ host: "github.com" });
  tokens.refused("GITHUB_TOKEN", 7);
  expect(tokens.get("GITHUB_TOKEN")).not.toHaveProperty("refusedAt");
  expect(config.secrets.forges()).toEqual([]);
});
