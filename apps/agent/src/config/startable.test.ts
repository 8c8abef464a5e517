import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createRedactor } from "../log/redact.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { loadConfig, type ConfigOptions } from "./config.ts";

function setUp(content: unknown, options: Partial<ConfigOptions> = {}) {
  const directory = tempDir();
  onTestFinished(() => directory[Symbol.dispose]());
  const path = join(directory.path, "config.json");
  writeFileSync(path, JSON.stringify(content));
  const config = loadConfig({
    configDir: directory.path,
    env: {},
    log: createSilentLog(),
    redactor: createRedactor(),
    ...options,
  });
  return { config, directory: directory.path, content: () => JSON.parse(readFileSync(path, "utf8")) as unknown };
}

const refusal = (field: string, next: string) =>
  expect.objectContaining({
    code: "invalid_input",
    data: { field },
    next: expect.stringContaining(next) as string,
  }) as Error;

test("authorities that cannot be read are refused before the next start would be", () => {
  const { config, directory, content } = setUp({});
  const path = join(directory, "ca.pem");
  expect(() => config.set("git.ca", path)).toThrow(refusal("git.ca", "Put it there"));
  expect(content()).toEqual({});
  writeFileSync(path, "PEM");
  config.set("git.ca", path);
  expect(content()).toEqual({ git: { ca: [path] } });
});

test("an address beyond this machine is refused until the risk is accepted, which holds as long as the address", () => {
  const { config, content } = setUp({ port: 8000 });
  expect(() => config.set("host", "0.0.0.0")).toThrow(refusal("host", "ws config set insecureListen true"));
  expect(() => config.set("host", "0.0.0.0")).toThrow(refusal("host", "ssh -L 8000:127.0.0.1:8000 HOST"));
  expect(content()).toEqual({ port: 8000 });
  config.set("insecureListen", true);
  config.set("host", "0.0.0.0");
  expect(() => config.set("insecureListen", false)).toThrow(refusal("insecureListen", "ws config unset host"));
  expect(() => config.unset("insecureListen")).toThrow(refusal("insecureListen", "ws config unset host"));
  config.unset("host");
  config.unset("insecureListen");
  expect(content()).toEqual({ port: 8000 });
});

test("a variable counts at the next start, an option of this one does not", () => {
  const variable = setUp({}, { env: { WS_INSECURE_LISTEN: "1" } });
  variable.config.set("host", "0.0.0.0");
  const address = setUp({ insecureListen: true }, { env: { WS_HOST: "0.0.0.0" } });
  expect(() => address.config.unset("insecureListen")).toThrow(refusal("insecureListen", "WS_HOST"));
  const option = setUp({}, { overrides: { insecureListen: true } });
  expect(() => option.config.set("host", "0.0.0.0")).toThrow(refusal("host", "insecureListen"));
});

test("a setting names the variable that holds over it", () => {
  const { config } = setUp({}, { env: { WS_PORT: "1" }, overrides: { host: "127.0.0.1" } });
  expect(config.set("port", 2)).toMatchObject({ value: 1, source: "environment", shadowedBy: "WS_PORT" });
  expect(config.unset("port")).toMatchObject({ shadowedBy: "WS_PORT" });
  expect(config.set("host", "127.0.0.2")).not.toHaveProperty("shadowedBy");
  expect(config.set("git.name", "Ada")).not.toHaveProperty("shadowedBy");
});

test("an address of a GitHub that says more than where it is is refused, wherever it is set", () => {
  const { config, content } = setUp({});
  for (const bad of ["http://git.test/api/v3", "git.test", "https://user:secret@git.test/api/v3"]) {
    expect(() => config.set("github.apiUrl", bad)).toThrow(refusal("github.apiUrl", "/api/v3"));
  }
  expect(() => config.set("github.url", "https://git.test/github")).toThrow(refusal("github.url", "https://HOST"));
  const servers = "https://git.test,https://lab.test/github";
  expect(() => config.set("github.servers", servers)).toThrow(refusal("github.servers", "https://HOST"));
  expect(() => config.set("github.url", "https://user:secret@git.test")).toThrow(/'https:\/\/\*\*\*@git\.test'/);
  expect(content()).toEqual({});
  const invalid = (message: string) => expect.objectContaining({ code: "config_invalid", message }) as Error;
  expect(() => setUp({}, { env: { WS_GITHUB_SERVERS: servers } })).toThrow(
    invalid("The variable WS_GITHUB_SERVERS must be https://HOST, without a path."),
  );
  expect(() => setUp({ github: { servers: servers.split(",") } })).toThrow(/github\.servers\.1 must be https:\/\/HOST/);
  config.set("github.url", "https://git.test");
  config.set("github.apiUrl", "https://api.git.test");
  config.unset("github.url");
  expect(content()).toEqual({ github: { apiUrl: "https://api.git.test" } });
});

test.each([
  "https://git.test.",
  "https://git..test",
  "https://-git.test",
  "https://git.test:0",
  "https://[::ffff:7f00:1]",
  `https://${"a".repeat(64)}.test`,
  "http://127.0.0.1:8080",
  "http://127.0.0.1.git.test",
  "http://127.0.0.1@git.test",
  "http://[::1]:8080",
])("'%s', by which the agent would not start again, is taken for no GitHub", (url) => {
  const { config, content } = setUp({});
  for (const key of ["github.url", "github.apiUrl", "github.servers"]) {
    expect(() => config.set(key, url)).toThrow(expect.objectContaining({ code: "invalid_input" }) as Error);
  }
  expect(content()).toEqual({});
});

test("a password in a refused address is not shown, whatever it holds", () => {
  const { config } = setUp({});
  const secret = randomBytes(6).toString("hex");
  const set = () => config.set("github.servers", `https://git.test,https://ada:a/${secret}@lab.test`);
  expect(set).toThrow(/\*\*\*@lab\.test/);
  expect(set).not.toThrow(secret);
});
