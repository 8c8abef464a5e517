import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type WorkspaceRecord } from "@ws/workspace-core";
import { describe, expect, test } from "vitest";
import { POST_START } from "./first-run.ts";
import { createSetup } from "./setup.ts";
import { record, secret, setUp } from "../testing/with-config.ts";

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

describe("what workspaces get", () => {
  test("the environment follows the configuration at every process start", async () => {
    const { load, log } = setUp({});
    const config = load();
    const setup = createSetup(config, {}, log);
    expect(await setup.environment(record())).toEqual({});
    config.set("env.A", "later");
    config.set("git.name", "Ada");
    expect(await setup.environment(record())).toEqual({ A: "later" });
    expect(await setup.identity?.(record())).toEqual({ name: "Ada" });
  });

  test("scripts come with their content; a missing one comes without, by its path, with a warning", async () => {
    const { load, log, configDir } = setUp({});
    const config = load();
    const script = join(configDir, "scripts", "a.sh");
    writeFileSync(script, "#!/bin/sh\necho hi\n");
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
