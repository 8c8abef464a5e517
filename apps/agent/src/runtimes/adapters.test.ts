import { expect, test } from "vitest";
import type { Config } from "../config/config.ts";
import { createSystemClock } from "../system/clock.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { createAdapters } from "./adapters.ts";

test("programs of a local workspace are looked for where the worker's are, and then where its own tools are", async () => {
  using directory = tempDir();
  const settings: Record<string, unknown> = { "local.sandbox": "none" };
  const path = `${directory.path}/bin:${process.env["PATH"] ?? ""}`;
  const adapters = createAdapters({
    instance: "test",
    configDirectory: `${directory.path}/config`,
    imageDirectory: directory.path,
    workspacesDirectory: `${directory.path}/workspaces`,
    env: { PATH: path },
    config: { get: (key: string) => settings[key] } as unknown as Config,
    clock: createSystemClock(),
    log: createSilentLog(),
    bareRepository: () => undefined,
  });
  const runtime = await adapters.runtime.local();
  const spec = { id: "ws-adapters", name: "demo", profile: "person", limits: {} } as const;
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => runtime.remove(spec.id));
  await runtime.create(spec);
  await runtime.start(spec);
  await using box = await runtime.open(spec.id);
  const { stdout } = await box.run(["sh", "-c", 'printf %s "$PATH"']);
  const tools = `${directory.path}/workspaces/.${spec.id}/home/.local/bin`;
  expect(Buffer.concat(await Array.fromAsync(stdout)).toString()).toBe(`${path}:${tools}`);
});

test("each of several Enterprise servers has a forge of its own, beside github.com", async () => {
  using directory = tempDir();
  const settings: Record<string, unknown> = {
    "github.url": "https://ghe.test",
    "github.apiUrl": "",
    "github.servers": ["https://lab.test", "https://eu.lab.test:8443"],
    "git.ca": [],
  };
  const { forges } = createAdapters({
    instance: "test",
    configDirectory: directory.path,
    imageDirectory: directory.path,
    workspacesDirectory: directory.path,
    env: {},
    config: { get: (key: string) => settings[key], variable: () => undefined } as unknown as Config,
    clock: createSystemClock(),
    log: createSilentLog(),
    bareRepository: () => undefined,
  });
  const all = await forges();
  const hosts = ["ghe.test", "github.com", "lab.test", "eu.lab.test:8443", "other.test"];
  expect(hosts.map((host) => all.filter((one) => one.serves(`https://${host}/org/app`)).length)).toEqual([
    1, 1, 1, 1, 0,
  ]);
});
