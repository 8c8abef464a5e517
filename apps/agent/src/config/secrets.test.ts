import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createSetup } from "./setup.ts";
import { thrown } from "../testing/thrown.ts";
import { record, secret, setUp } from "../testing/with-config.ts";

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
    expect(thrown(() => config.set("expose.OTHER", true))).toMatchObject({ code: "invalid_input" });
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
    expect(thrown(() => config.set("env.not a name", "x"))).toMatchObject({ code: "invalid_input" });
    expect(thrown(() => config.set("env.EMPTY", ""))).toMatchObject({ code: "invalid_input" });
  });
});
