import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isWsError, type WorkspaceRecord } from "@ws/workspace-core";
import { newRecord } from "@ws/workspace-core/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { createRedactor } from "../log/redact.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { loadConfig, type ConfigOptions } from "./config.ts";
import { findLoose, makeDirectory, prepareDirectory } from "./directory.ts";
import { POST_START, writeDefaults } from "./first-run.ts";
import { createSetup } from "./setup.ts";

function setUp(content?: unknown) {
  const directory = tempDir();
  onTestFinished(() => directory[Symbol.dispose]());
  const configDir = join(directory.path, "config");
  const log = createSilentLog();
  const redactor = createRedactor();
  prepareDirectory(configDir, log);
  const path = join(configDir, "config.json");
  if (content !== undefined)
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  writeDefaults(configDir, log);
  const load = (options: Partial<ConfigOptions> = {}) => loadConfig({ configDir, env: {}, log, redactor, ...options });
  return { configDir, path, log, redactor, load, text: () => readFileSync(path, "utf8") };
}

function failureOf(work: () => unknown) {
  try {
    work();
  } catch (error) {
    if (isWsError(error)) return error;
  }
  throw new Error("it was expected to fail");
}

const record = (changes: Partial<WorkspaceRecord> = {}): WorkspaceRecord =>
  newRecord("demo", { phase: "ready", power: "running", ...changes });

const secret = (): string => `sk-test-${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`;

describe("the first run", () => {
  test("writes the default configuration and the script it names, both private (code-server's loose files)", () => {
    const { configDir, path, load } = setUp();
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({
      port: 7391,
      credentials: { env: {}, files: {} },
      scripts: { post_start: join(configDir, "scripts", "post-start.sh") },
    });
    expect(readFileSync(join(configDir, "scripts", "post-start.sh"), "utf8")).toContain("claude update");
    expect(statSync(configDir).mode & 0o777).toBe(0o700);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(load().get("port")).toBe(7391);
  });

  test("touches nothing that exists", () => {
    const { configDir, text } = setUp({ port: 1 });
    expect(JSON.parse(text())).toEqual({ port: 1 });
    expect(existsSync(join(configDir, "scripts", "post-start.sh"))).toBe(false);
  });
});

describe("reading the configuration", () => {
  test("broken JSON is refused with its line and column, and the file is not changed", () => {
    const broken = '{\n  "port": 7391,\n  "host" "x"\n}\n';
    const { load, text, path } = setUp(broken);
    const failure = failureOf(load);
    expect(failure).toMatchObject({ code: "config_invalid", data: { file: path, line: 3, column: 10 } });
    expect(failure.message).toContain(`${path}:3:10`);
    expect(failure.next).toBeDefined();
    expect(text()).toBe(broken);
  });

  test.each([
    [{ port: "many" }, 2, "port"],
    [{ port: 70_000 }, 2, "port"],
    [{ scripts: { post_start: [7] } }, 3, "scripts.post_start"],
    [{ credentials: { env: { "A B": "x" } } }, 4, "credentials.env"],
    [{ credentials: { env: { A: 1 } } }, 4, "credentials.env.A"],
  ])("%j is refused in its line %i, naming %s", (content, line, name) => {
    const failure = failureOf(setUp(content).load);
    expect(failure).toMatchObject({ code: "config_invalid", data: { line } });
    expect(failure.message).toContain(name);
  });

  test("an unknown name is kept and warned of", () => {
    const { load, log, text } = setUp({ future: { x: 1 } });
    load().set("port", 8000);
    expect(JSON.parse(text())).toEqual({ future: { x: 1 }, port: 8000 });
    expect(log.lines.some(({ level, fields }) => level === "warn" && String(fields["unknown"]) === "future")).toBe(
      true,
    );
  });

  test("variables hold over the file, and what begins with PARALLAX_ is read where WS_ says nothing", () => {
    const { load } = setUp({ port: 1, workspacesDir: "/a" });
    const config = load({ env: { WS_PORT: "0", PARALLAX_WORKSPACES_DIR: "/b", WS_ALLOWED_HOSTS: "a.test, b.test" } });
    expect(config.get("port")).toBe(0);
    expect(config.get("workspacesDir")).toBe("/b");
    expect(config.get("allowedHosts")).toEqual(["a.test", "b.test"]);
    expect(load({ env: { PARALLAX_WORKSPACES_DIR: "/b", WS_WORKSPACES_DIR: "/c" } }).get("workspacesDir")).toBe("/c");
    expect(config.list().find(({ key }) => key === "port")).toMatchObject({ value: 0, source: "environment" });
  });

  test("a variable that cannot be used is refused by its name", () => {
    expect(failureOf(() => setUp().load({ env: { WS_PORT: "http" } })).message).toBe(
      "The variable WS_PORT must be a number.",
    );
  });

  test("an edit of the file is seen, and a broken one leaves the last good content", () => {
    const { load, path, log } = setUp({ allowedHosts: ["a.test"] });
    const config = load();
    writeFileSync(path, '{ "allowedHosts": ["b.test", "c.test"] }');
    expect(config.get("allowedHosts")).toEqual(["b.test", "c.test"]);
    writeFileSync(path, "{ oops");
    expect(config.get("allowedHosts")).toEqual(["b.test", "c.test"]);
    expect(log.lines.some(({ level }) => level === "error")).toBe(true);
  });
});

describe("settings", () => {
  test("are set, shown and taken back", () => {
    const { load, text } = setUp({});
    const config = load();
    expect(config.set("allowedHosts", "box.test")).toMatchObject({
      value: ["box.test"],
      source: "file",
      restart: false,
    });
    expect(config.set("port", "8000")).toMatchObject({ value: 8000, default: 7391, restart: true });
    expect(config.set("scripts.fail_on_error", "true")).toMatchObject({ value: true });
    expect(JSON.parse(text())).toEqual({
      allowedHosts: ["box.test"],
      port: 8000,
      scripts: { fail_on_error: true },
    });
    expect(config.unset("port")).toMatchObject({ value: 7391, source: "default" });
  });

  test("an unknown key and an unfit value are refused with the next step, and nothing is written", () => {
    const { load, text } = setUp({});
    const config = load();
    expect(failureOf(() => config.set("prot", 1))).toMatchObject({ code: "invalid_input" });
    expect(failureOf(() => config.set("port", "abc"))).toMatchObject({
      code: "invalid_input",
      message: "'abc' does not fit 'port', which takes number.",
    });
    expect(failureOf(() => config.set("logLevel", "loud"))).toMatchObject({
      message: "'loud' does not fit 'logLevel', which takes debug, info, warn, error.",
    });
    expect(failureOf(() => config.set("port", 70_000))).toMatchObject({
      message: "'70000' does not fit 'port', which takes number: it is too large (at most 65535).",
    });
    expect(failureOf(() => config.set("docker.subnet", "999.1.1.1/99"))).toMatchObject({
      message: "'999.1.1.1/99' does not fit 'docker.subnet', which takes text: it must look like 10.77.0.0/22.",
    });
    expect(failureOf(() => config.set("port", "x")).next).toBeDefined();
    expect(failureOf(() => config.set("__proto__", { x: 1 }))).toMatchObject({ code: "invalid_input" });
    expect(JSON.parse(text())).toEqual({});
  });
});

describe("tokens of forges", () => {
  test("GITHUB_TOKEN and GH_TOKEN are git's and stay out of environments, unless one is exposed (secrets in every workspace)", async () => {
    const [one, two, three] = [secret(), secret(), secret()];
    const env = { GITHUB_TOKEN: one, GH_TOKEN: two, OTHER: three };
    const { load, log, redactor, text } = setUp({ credentials: { env } });
    const config = load();
    const setup = createSetup(config, {}, log);
    expect(await setup.environment(record())).toEqual({ OTHER: three });
    expect(config.credentials.forgeTokens()).toEqual({ GITHUB_TOKEN: one, GH_TOKEN: two });
    expect(Object.keys(config.credentials.get().env)).toEqual(["GITHUB_TOKEN", "GH_TOKEN", "OTHER"]);
    config.set("expose.GH_TOKEN", "true");
    expect(await setup.environment(record())).toEqual({ OTHER: three, GH_TOKEN: two });
    expect(config.list()).toContainEqual(expect.objectContaining({ key: "expose.GH_TOKEN", value: true }));
    config.credentials.update({ env: config.credentials.get().env, files: {} });
    expect(load().credentials.exposed()).toEqual(["GH_TOKEN"]);
    config.unset("expose.GH_TOKEN");
    expect(await setup.environment(record())).toEqual({ OTHER: three });
    expect(failureOf(() => config.set("expose.OTHER", true))).toMatchObject({ code: "invalid_input" });
    for (const value of [one, two, three]) {
      expect(redactor.clean(`x ${value}`)).toBe("x [redacted]");
      expect(text()).not.toContain(value);
    }
  });

  test("the key of an app is moved to the secret store, shown nowhere, and found again", () => {
    const key = `-----BEGIN X-----\\n${secret()}\\n-----END X-----`;
    const { load, text, configDir, redactor } = setUp({ github: { privateKey: key, appId: 7 } });
    const config = load();
    expect(config.get("github.privateKey")).toBe(key);
    expect(JSON.parse(text())).toMatchObject({ github: { privateKey: "@stored", appId: 7 } });
    expect(statSync(join(configDir, "secrets.json")).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(config.list())).not.toContain(key.slice(20, 40));
    expect(redactor.clean(key)).not.toContain(key.slice(20, 40));
    const other = secret();
    expect(config.set("github.privateKey", other)).toMatchObject({ value: `…${other.slice(-4)}`, source: "file" });
    expect(load().get("github.privateKey")).toBe(other);
    expect(config.unset("github.privateKey")).toMatchObject({ value: "", source: "default" });
    expect(load().get("github.privateKey")).toBe("");
    expect(readFileSync(join(configDir, "secrets.json"), "utf8")).not.toContain(other);
  });

  test("a variable holds over the stored key, also by its older name, and is kept out of logs", () => {
    const value = secret();
    const { load, redactor } = setUp();
    const config = load({ env: { PARALLAX_GITHUB_PRIVATE_KEY: value, PARALLAX_GITHUB_APP_ID: "12" } });
    expect(config.get("github.privateKey")).toBe(value);
    expect(config.get("github.appId")).toBe("12");
    expect(redactor.clean(value)).toBe("[redacted]");
    expect(JSON.stringify(config.list())).not.toContain(value);
  });

  test("a store of secrets that an earlier version wrote is read, and keeps what this one adds", () => {
    const [old, added] = [secret(), secret()];
    const { configDir, load } = setUp({ credentials: { env: { KEY: "@stored" } } });
    writeFileSync(join(configDir, "secrets.json"), JSON.stringify({ env: { KEY: old } }), { mode: 0o600 });
    const { secrets } = load();
    secrets.replaceForges([{ name: "work", type: "pat", host: "forge.test", secret: added, createdAt: 1 }]);
    const again = load();
    expect(again.credentials.environment()).toEqual({ KEY: old });
    expect(again.secrets.forges()).toMatchObject([{ name: "work", secret: added }]);
    expect(statSync(join(configDir, "secrets.json")).mode & 0o777).toBe(0o600);
  });
});

describe("what a workspace may use", () => {
  test("is all, nothing, or what is named, of variables and of files", async () => {
    const { load, log, configDir } = setUp();
    const file = join(configDir, "key");
    writeFileSync(file, "key", { mode: 0o600 });
    const config = load();
    const [a, b] = [secret(), secret()];
    config.credentials.update({
      env: { A: a, B: b },
      files: { "~/.ssh/key": file, "~/gone": join(configDir, "none") },
    });
    const setup = createSetup(config, {}, log);
    const given = async (credentials?: WorkspaceRecord["credentials"]) => {
      const it = record(credentials === undefined ? {} : { credentials });
      return [Object.keys(await setup.environment(it)), ((await setup.files?.(it)) ?? []).map(({ target }) => target)];
    };
    expect(await given()).toEqual([
      ["A", "B"],
      ["~/.ssh/key", "~/gone"],
    ]);
    expect(await given("all")).toEqual(await given());
    expect(await given("none")).toEqual([[], []]);
    expect(await given(["B", "~/.ssh/key"])).toEqual([["B"], ["~/.ssh/key"]]);
    const [key, gone] = (await setup.files?.(record())) ?? [];
    expect(key).toMatchObject({ mode: 0o600, content: Buffer.from("key") });
    expect(gone).toEqual({ target: "~/gone", mode: 0, problem: `The worker has no ${join(configDir, "none")}.` });
  });

  test("of a directory is everything in it with its modes, but no link, which could lead anywhere", async () => {
    const { load, log, configDir } = setUp();
    const source = join(configDir, "ssh");
    mkdirSync(join(source, "keys"), { recursive: true });
    writeFileSync(join(source, "config"), "c", { mode: 0o644 });
    writeFileSync(join(source, "keys", "id"), "k", { mode: 0o600 });
    symlinkSync("/etc/passwd", join(source, "link"));
    const config = load();
    config.credentials.update({ env: {}, files: { "~/.ssh/": source } });
    const files = (await createSetup(config, {}, log).files?.(record())) ?? [];
    expect(files.map(({ target, mode }) => [target, mode])).toEqual([
      ["~/.ssh/config", 0o644],
      ["~/.ssh/keys/id", 0o600],
    ]);
  });
});

describe("credentials", () => {
  test("secrets in config.json move to their own private file, and the log says so", () => {
    const value = secret();
    const { load, text, configDir, log, redactor } = setUp({ credentials: { env: { API_KEY: value } } });
    const config = load();
    expect(JSON.parse(text())).toMatchObject({ credentials: { env: { API_KEY: "@stored" } } });
    expect(statSync(join(configDir, "secrets.json")).mode & 0o777).toBe(0o600);
    expect(config.credentials.environment()).toEqual({ API_KEY: value });
    expect(
      log.lines.some(({ message, fields }) => message.includes("moved") && String(fields["names"]) === "API_KEY"),
    ).toBe(true);
    expect(JSON.stringify(log.lines)).not.toContain(value);
    expect(redactor.clean(value)).toBe("[redacted]");
    expect(load().credentials.environment()).toEqual({ API_KEY: value });
  });

  test("get shows names and the last four characters, never secrets (credentials.get of its predecessor)", () => {
    const value = secret();
    const config = setUp({ credentials: { env: { KEY: value, SHORT: "tiny" } } }).load();
    expect(config.credentials.get().env).toEqual({ KEY: `…${value.slice(-4)}`, SHORT: "…" });
    expect(JSON.stringify(config.list())).not.toContain(value);
  });

  test("update keeps what is sent back unchanged, replaces what is new and removes what is absent", () => {
    const [one, two, three] = [secret(), secret(), secret()];
    const config = setUp({ credentials: { env: { ONE: one, TWO: two, GONE: "x" }, files: { "~/a": "/b" } } }).load();
    const { env } = config.credentials.get();
    config.credentials.update({ env: { ONE: env["ONE"] ?? "", TWO: three }, files: {} });
    expect(config.credentials.environment()).toEqual({ ONE: one, TWO: three });
    expect(config.credentials.get().files).toEqual({});
  });

  test("are settings too: all after the first dot is the name", () => {
    const value = secret();
    const { load, text } = setUp({});
    const config = load();
    expect(config.set("env.API_KEY", value)).toMatchObject({ key: "env.API_KEY", value: `…${value.slice(-4)}` });
    config.set("files.~/.ssh/id_ed25519.pub", "~/.ssh/id_ed25519.pub");
    expect(text()).not.toContain(value);
    expect(config.credentials.get().files).toEqual({ "~/.ssh/id_ed25519.pub": "~/.ssh/id_ed25519.pub" });
    config.unset("env.API_KEY");
    expect(config.credentials.environment()).toEqual({});
    expect(failureOf(() => config.set("env.not a name", "x"))).toMatchObject({ code: "invalid_input" });
    expect(failureOf(() => config.set("env.EMPTY", ""))).toMatchObject({ code: "invalid_input" });
  });
});

describe("what workspaces get", () => {
  test("the environment follows the configuration at every process start", async () => {
    const { load, log } = setUp({});
    const config = load();
    const setup = createSetup(config, {}, log);
    const record = {} as Parameters<typeof setup.environment>[0];
    expect(await setup.environment(record)).toEqual({});
    config.set("env.A", "later");
    config.set("git.name", "Ada");
    expect(await setup.environment(record)).toEqual({ A: "later" });
    expect(await setup.identity?.(record)).toEqual({ name: "Ada" });
  });

  test("scripts come with their content; a missing one comes without, by its path, with a warning", async () => {
    const { load, log, configDir } = setUp({});
    const config = load();
    const script = join(configDir, "scripts", "a.sh");
    writeFileSync(script, "echo hi\n");
    config.set("scripts.post_start", [script, join(configDir, "none.sh"), script]);
    config.set("scripts.fail_on_error", true);
    const setup = createSetup(config, {}, log);
    const scripts = await setup.scripts({} as Parameters<typeof setup.scripts>[0]);
    expect(scripts.map(({ name, content, failOnError }) => [name, content !== undefined, failOnError])).toEqual([
      ["a.sh", true, true],
      [join(configDir, "none.sh"), false, true],
      ["2-a.sh", true, true],
    ]);
    expect(log.lines.some(({ fields }) => String(fields["path"]).endsWith("none.sh"))).toBe(true);
  });

  test("nobody waits for the script that is there from the first, until somebody changes it", async () => {
    const { load, log, configDir } = setUp({});
    const config = load();
    const script = join(configDir, "scripts", "post-start.sh");
    config.set("scripts.post_start", script);
    const setup = createSetup(config, {}, log);
    const waited = async (content: string): Promise<boolean[]> => {
      writeFileSync(script, content);
      const scripts = await setup.scripts({} as Parameters<typeof setup.scripts>[0]);
      return scripts.map(({ background }) => background !== true);
    };
    expect(await waited(POST_START)).toEqual([false]);
    expect(await waited(`${POST_START}npm ci\n`)).toEqual([true]);
  });
});

test("loose permissions are found and repaired with a warning (code-server #7696)", () => {
  const { configDir, path, log, load } = setUp({});
  load();
  chmodSync(path, 0o644);
  chmodSync(configDir, 0o755);
  expect(findLoose(configDir).map((found) => found.path)).toEqual([configDir, path]);
  prepareDirectory(configDir, log);
  expect(findLoose(configDir)).toEqual([]);
  expect(log.lines.filter(({ message }) => message.includes("permissions"))).toHaveLength(2);
});

test("a directory in which nothing can be written is named, with the way out", () => {
  const { path } = setUp({});
  expect(failureOf(() => makeDirectory(join(path, "below")))).toMatchObject({
    code: "config_invalid",
    message: `The agent cannot write in ${join(path, "below")} (ENOTDIR).`,
    next: expect.stringContaining("WS_CONFIG_DIR") as string,
  });
});

test("what leads to a link and was left behind is known as private, and is gone when the agent starts", () => {
  const { configDir, log } = setUp({});
  const pages = ["open-dashboard-0123.html", "open-dashboard.html"].map((name) => join(configDir, name));
  for (const page of pages) writeFileSync(page, "link");
  for (const page of pages) chmodSync(page, 0o644);
  expect(findLoose(configDir).map((found) => found.path)).toEqual(expect.arrayContaining(pages));
  prepareDirectory(configDir, log);
  expect(pages.filter((page) => existsSync(page))).toEqual([]);
});

test("what has the name of such a page and cannot be removed holds no agent up", () => {
  const { configDir, log } = setUp();
  mkdirSync(join(configDir, "open-dashboard.html"));
  const page = join(configDir, "open-dashboard.old.html");
  writeFileSync(page, "link");
  prepareDirectory(configDir, log);
  expect(existsSync(page)).toBe(false);
});
