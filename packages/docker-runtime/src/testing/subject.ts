import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import type { Clock, Log, PlaceSpec, WorkspaceId } from "@ws/workspace-core";
import Docker from "dockerode";

import { createDockerRuntime, type DockerRuntime, type DockerRuntimeOptions } from "../docker-runtime.ts";
import { engineAddress, type EngineAddress } from "../engine-address.ts";

export const imageDirectory = fileURLToPath(new URL("../../../../docker", import.meta.url));
export const address: EngineAddress = engineAddress(process.env, () => "");
/** The engine as a test sees it, beside the runtime under test. */
export const docker = new Docker("socketPath" in address ? { socketPath: address.socketPath } : address);

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }),
};
export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

export interface Subject extends AsyncDisposable {
  instance: string;
  runtime: DockerRuntime;
}

/** A runtime of an instance that no other test has; disposing removes all that it made except images. */
export function createSubject(options: Partial<DockerRuntimeOptions> = {}): Subject {
  const instance = `test-${randomBytes(5).toString("hex")}`;
  const shared = { instance, imageDirectory, clock: systemClock, log: silent, environment: process.env };
  const runtime = createDockerRuntime({ ...shared, engine: address, ...options });
  // What a test does to the engine's connection must not hinder the cleaning.
  const cleaner = createDockerRuntime({ ...shared, engine: address });
  return {
    instance,
    runtime,
    async [Symbol.asyncDispose]() {
      const places = await cleaner.list();
      const ids = new Set([...places.map(({ id }) => id), ...(await cleaner.homes())]);
      await Promise.all([...ids].map((id) => cleaner.remove(id)));
      await cleaner.teardown();
    },
  };
}

export function newSpec(spec: Partial<PlaceSpec> = {}): PlaceSpec {
  const random = randomBytes(5).toString("hex");
  const id: WorkspaceId = `ws-${random}`;
  return { id, name: `test-${random}`, profile: "person", limits: {}, ...spec };
}

/** Makes and starts a place. */
export async function running(
  { runtime }: Subject,
  spec: PlaceSpec = newSpec(),
): Promise<PlaceSpec & { handle: string }> {
  await runtime.create(spec);
  const { handle } = await runtime.start(spec);
  return { ...spec, handle };
}

/** Runs a program in a place through its Box; its output, and how it ended. */
export async function execute(
  { runtime }: Subject,
  id: WorkspaceId,
  argv: readonly [string, ...string[]],
): Promise<{ code: number; stdout: string; stderr: string }> {
  await using box = await runtime.open(id);
  const process = await box.run(argv);
  const [stdout, stderr] = await Promise.all([collect(process.stdout), collect(process.stderr)]);
  return { code: (await process.exit).code, stdout, stderr };
}

export async function collect(source: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
