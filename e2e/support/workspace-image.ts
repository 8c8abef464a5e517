import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createDockerRuntime, engineAddress } from "@ws/docker-runtime";
import type { Clock, Log } from "@ws/workspace-core";
import { docker } from "./agent-process.ts";

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** The image that workspaces run on, built where it is missing. */
export async function workspaceImage(): Promise<string> {
  const runtime = createDockerRuntime({
    instance: `e2e-${randomBytes(5).toString("hex")}`,
    imageDirectory: fileURLToPath(new URL("../../docker", import.meta.url)),
    engine: engineAddress(process.env, (path) => readFileSync(path, "utf8")),
    clock,
    log,
    environment: process.env,
  });
  const id = `ws-image${randomBytes(4).toString("hex")}` as const;
  await using ending = new AsyncDisposableStack();
  ending.defer(() => runtime.teardown());
  ending.defer(() => runtime.remove(id));
  await runtime.prepare({ report: () => undefined });
  const { handle } = await runtime.create({ id, name: id, profile: "person", limits: {} });
  const [image = ""] = await docker("inspect", "--format", "{{.Image}}", handle);
  return image;
}
