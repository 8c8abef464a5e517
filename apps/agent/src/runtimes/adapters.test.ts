import { expect, test } from "vitest";
import type { Config } from "../config/config.ts";
import { createSystemClock } from "../system/clock.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { createAdapters } from "./adapters.ts";

test("programs of a local workspace are looked for where the worker's are", async () => {
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
  expect(Buffer.concat(await Array.fromAsync(stdout)).toString()).toBe(path);
});
