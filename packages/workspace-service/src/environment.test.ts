import { expect, test } from "vitest";
import { configFromEnvironment } from "./environment.ts";

const KEY = "-----BEGIN KEY-----\nnot one\n-----END KEY-----\n";
const files = (path: string): string => {
  if (path === "/keys/app.pem") return KEY;
  throw Object.assign(new Error("no such file"), { code: "ENOENT" });
};

test.each(["WS", "PARALLAX"])("all settings are read under their %s_ names", (prefix) => {
  const env = {
    [`${prefix}_WORKSPACES_DIR`]: "./.workspaces",
    [`${prefix}_WORKSPACE_AUTO_CLEANUP`]: "true",
    [`${prefix}_WORKSPACE_TTL_SECONDS`]: "3600",
    [`${prefix}_GITHUB_APP_ID`]: "123456",
    [`${prefix}_GITHUB_PRIVATE_KEY_PATH`]: "/keys/app.pem",
  };
  expect(configFromEnvironment(env, files)).toEqual({
    workspacesDir: "./.workspaces",
    autoCleanup: true,
    workspaceTtlSeconds: 3_600,
    githubApp: { appId: "123456", privateKey: KEY },
  });
});

test("our names hold over their aliases, an inline key over a path, and what is empty counts for nothing", () => {
  const env = {
    WS_WORKSPACES_DIR: "/ours",
    PARALLAX_WORKSPACES_DIR: "/theirs",
    WS_WORKSPACE_TTL_SECONDS: "",
    PARALLAX_WORKSPACE_TTL_SECONDS: "60",
    PARALLAX_WORKSPACE_AUTO_CLEANUP: "0",
    PARALLAX_GITHUB_APP_ID: "1",
    PARALLAX_GITHUB_PRIVATE_KEY: "inline",
    PARALLAX_GITHUB_PRIVATE_KEY_PATH: "/nowhere",
  };
  expect(configFromEnvironment(env, files)).toEqual({
    workspacesDir: "/ours",
    autoCleanup: false,
    workspaceTtlSeconds: 60,
    githubApp: { appId: "1", privateKey: "inline" },
  });
  expect(configFromEnvironment({}, files)).toEqual({});
});

test.each([
  [{ WS_WORKSPACE_AUTO_CLEANUP: "maybe" }, "WS_WORKSPACE_AUTO_CLEANUP"],
  [{ PARALLAX_WORKSPACE_TTL_SECONDS: "an hour" }, "PARALLAX_WORKSPACE_TTL_SECONDS"],
  [{ WS_WORKSPACE_TTL_SECONDS: "0" }, "WS_WORKSPACE_TTL_SECONDS"],
  [{ WS_GITHUB_APP_ID: "1" }, "WS_GITHUB_PRIVATE_KEY_PATH"],
  [{ WS_GITHUB_PRIVATE_KEY: "inline" }, "WS_GITHUB_APP_ID"],
  [{ WS_GITHUB_APP_ID: "1", WS_GITHUB_PRIVATE_KEY_PATH: "/nowhere" }, "WS_GITHUB_PRIVATE_KEY_PATH"],
])("%j is refused, naming the variable", (env, variable) => {
  expect(() => configFromEnvironment(env, files)).toThrow(
    expect.objectContaining({ code: "config_invalid", data: { file: variable } }) as Error,
  );
});
