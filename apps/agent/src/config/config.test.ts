import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findLoose, makeDirectory, prepareDirectory } from "./directory.ts";
import { thrown } from "../testing/thrown.ts";
import { setUp } from "../testing/with-config.ts";

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
    const failure = thrown(load);
    expect(failure).toMatchObject({ code: "config_invalid", data: { file: path, line: 3, column: 10 } });
    expect(failure?.message).toContain(`${path}:3:10`);
    expect(failure?.next).toBeDefined();
    expect(text()).toBe(broken);
  });

  test.each([
    [{ port: "many" }, 2, "port"],
    [{ port: 70_000 }, 2, "port"],
    [{ scripts: { post_start: [7] } }, 3, "scripts.post_start"],
    [{ credentials: { env: { "A B": "x" } } }, 4, "credentials.env"],
    [{ credentials: { env: { A: 1 } } }, 4, "credentials.env.A"],
  ])("%j is refused in its line %i, naming %s", (content, line, name) => {
    const failure = thrown(setUp(content).load);
    expect(failure).toMatchObject({ code: "config_invalid", data: { line } });
    expect(failure?.message).toContain(name);
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
    expect(thrown(() => setUp().load({ env: { WS_PORT: "http" } }))?.message).toBe(
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
    expect(thrown(() => config.set("prot", 1))).toMatchObject({ code: "invalid_input" });
    expect(thrown(() => config.set("port", "abc"))).toMatchObject({
      code: "invalid_input",
      message: "'abc' does not fit 'port', which takes number.",
    });
    expect(thrown(() => config.set("logLevel", "loud"))).toMatchObject({
      message: "'loud' does not fit 'logLevel', which takes debug, info, warn, error.",
    });
    expect(thrown(() => config.set("port", 70_000))).toMatchObject({
      message: "'70000' does not fit 'port', which takes number: it is too large (at most 65535).",
    });
    expect(thrown(() => config.set("docker.subnet", "999.1.1.1/99"))).toMatchObject({
      message: "'999.1.1.1/99' does not fit 'docker.subnet', which takes text: it must look like 10.77.0.0/22.",
    });
    expect(thrown(() => config.set("port", "x"))?.next).toBeDefined();
    expect(thrown(() => config.set("__proto__", { x: 1 }))).toMatchObject({ code: "invalid_input" });
    expect(JSON.parse(text())).toEqual({});
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
  expect(thrown(() => makeDirectory(join(path, "below")))).toMatchObject({
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

test("settings that belong together are written once, all of them or none", () => {
  const { load, text } = setUp({ egress: { allow: ["a.test"] } });
  const config = load();
  const before = text();
  const failure = thrown(() => config.setTogether({ "egress.allow": ["b.test"], "egress.deny": ["not a host"] }));
  expect(failure).toMatchObject({ code: "invalid_input", data: { field: "egress.deny" } });
  expect([text(), config.get("egress.allow")]).toEqual([before, ["a.test"]]);
  config.setTogether({ "egress.allow": ["b.test"], "egress.deny": ["c.test!c.test:8080"] });
  expect(JSON.parse(text())).toEqual({ egress: { allow: ["b.test"], deny: ["c.test!c.test:8080"] } });
});
