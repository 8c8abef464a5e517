import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createDockerRuntime, engineAddress, type DockerRuntime } from "@ws/docker-runtime";
import type { PlaceSpec } from "@ws/workspace-core";
import { createSystemClock } from "../system/clock.ts";
import { createSilentLog } from "./silent-log.ts";

/** The Docker runtime of an instance that a test has made up. */
export function dockerRuntime(instance: string): DockerRuntime {
  return createDockerRuntime({
    instance,
    imageDirectory: fileURLToPath(new URL("../../../../docker", import.meta.url)),
    engine: engineAddress(process.env, (path) => readFileSync(path, "utf8")),
    clock: createSystemClock(),
    log: createSilentLog(),
    environment: process.env,
  });
}

/** A running container, with nothing of the agent around it. */
export async function startTerminalPlace(): Promise<AsyncDisposable & { instance: string; id: PlaceSpec["id"] }> {
  const random = randomBytes(5).toString("hex");
  const instance = `test-${random}`;
  const runtime = dockerRuntime(instance);
  const spec: PlaceSpec = { id: `ws-${random}`, name: instance, profile: "agent", limits: {} };
  await runtime.prepare({ report: () => undefined });
  await runtime.create(spec);
  await runtime.start(spec);
  return {
    instance,
    id: spec.id,
    async [Symbol.asyncDispose]() {
      await runtime.remove(spec.id);
      await runtime.teardown();
    },
  };
}
