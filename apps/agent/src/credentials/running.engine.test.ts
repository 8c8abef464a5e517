import { execFile } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startRealWorkspace as running } from "../testing/real-workspace.ts";
import { secret } from "../testing/with-config.ts";

test.each(["docker", "local"] as const)(
  "a credential that is set, changed and taken back reaches what runs on %s, with its mode, and nothing that was changed there",
  async (kind) => {
    await using it = await running(kind);
    const { config, workspaces, said } = it;
    const source = join(it.configDir, "key");
    const [variable, first, second] = [secret(), secret(), secret()];
    writeFileSync(source, first, { mode: 0o600 });
    config.set("env.TOKEN", variable);
    config.set("files.~/.keys/own", source);
    config.set("files.~/.keys/edited", source);
    await workspaces.regive();
    expect(await said("echo $TOKEN; cat ~/.keys/own; echo; stat -c %a ~/.keys ~/.keys/own")).toBe(
      `${variable}\n${first}\n700\n600`,
    );
    await said("echo mine >> ~/.keys/own; echo mine > ~/.keys/edited");
    writeFileSync(source, second);
    chmodSync(source, 0o640);
    await workspaces.regive();
    expect(await said("cat ~/.keys/own; cat ~/.keys/edited; stat -c %a ~/.keys/own")).toBe(`${second}mine\nmine\n640`);
    config.unset("env.TOKEN");
    config.unset("files.~/.keys/own");
    config.unset("files.~/.keys/edited");
    await workspaces.regive();
    expect(await said("echo $TOKEN; cat ~/.keys/own; cat ~/.keys/edited")).toBe("\nmine\nmine");
  },
);

test.each(["docker", "local"] as const)(
  "a destination on %s that was swapped for a link, or lies behind one, is neither written nor removed there (docker cp through ~/.ssh -> /etc)",
  async (kind) => {
    await using it = await running(kind);
    const { config, workspaces, said } = it;
    const source = join(it.configDir, "key");
    const [first, second] = [secret(), secret()];
    writeFileSync(source, first, { mode: 0o600 });
    config.set("files.~/plain", source);
    config.set("files.~/deep/key", source);
    await workspaces.regive();
    await said(
      "mkdir ~/precious && cp ~/plain ~/precious/plain && cp ~/plain ~/precious/key && ln -sf ~/precious/plain ~/plain && rm -r ~/deep && ln -s ~/precious ~/deep",
    );
    writeFileSync(source, second);
    await workspaces.regive();
    expect(await said("cat ~/precious/plain ~/precious/key")).toBe(`${first}${first}`);
    config.unset("files.~/plain");
    config.unset("files.~/deep/key");
    await workspaces.regive();
    expect(await said("cat ~/precious/plain ~/precious/key; readlink ~/plain ~/deep | wc -l")).toBe(
      `${first}${first}2`,
    );
  },
);

test("what a workspace is given stands in nothing that the engine tells of its container (env in docker inspect)", async () => {
  await using it = await running("docker");
  const [variable, file] = [secret(), secret()];
  const source = join(it.configDir, "key");
  writeFileSync(source, file);
  it.config.set("env.TOKEN", variable);
  it.config.set("files.~/.key", source);
  await it.workspaces.regive();
  expect(await it.said("cat ~/.key")).toBe(file);
  const { handle = "" } = it.workspaces.get(it.name);
  const { stdout } = await promisify(execFile)("docker", ["inspect", handle]);
  const first = await it.said("sudo cat /proc/1/environ /proc/1/cmdline | tr '\\0' ' '");
  for (const text of [stdout, first]) for (const canary of [variable, file]) expect(text).not.toContain(canary);
});
