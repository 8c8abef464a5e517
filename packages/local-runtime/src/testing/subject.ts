import { mkdtempSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Argv, Box, ByteSource, Clock, Log, RunOptions, Runtime, WorkspaceId } from "@ws/workspace-core";
import { createLocalRuntime, type LocalRuntimeOptions } from "../local-runtime.ts";
import { pathsOf, type PlaceRecord } from "../place.ts";

/** The machine's own clock. */
export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
};

export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export interface LocalSubject extends AsyncDisposable {
  runtime: Runtime;
  directory: string;
  instance: string;
  /** Another runtime over the same directory, as after the agent's restart. */
  again(more?: Partial<LocalRuntimeOptions>): Runtime;
}

/** A local runtime in a directory of its own, or in a given one beside others. */
export function createSubject(sandbox: "bubblewrap" | "none", shared?: string): LocalSubject {
  const directory = shared ?? mkdtempSync(join(tmpdir(), "ws-local-"));
  const instance = crypto.randomUUID();
  const again = (more: Partial<LocalRuntimeOptions> = {}): Runtime =>
    createLocalRuntime({ instance, directory, clock: realClock, log: silentLog, sandbox, ...more });
  const runtime = again();
  return {
    runtime,
    directory,
    instance,
    again,
    async [Symbol.asyncDispose]() {
      for (const id of await runtime.homes()) await runtime.remove(id);
      if (shared === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

/** What is written down about a place. */
export function recordOf(directory: string, id: WorkspaceId): PlaceRecord {
  return JSON.parse(readFileSync(pathsOf(directory, id).file, "utf8")) as PlaceRecord;
}

export function newId(): WorkspaceId {
  return `ws-${crypto.randomUUID().replaceAll("-", "").slice(0, 10)}`;
}

/** Runs to the end, with both outputs as text. */
export async function finish(
  box: Box,
  argv: Argv,
  options?: RunOptions,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const started = await box.run(argv, options);
  const [stdout, stderr, { code }] = await Promise.all([text(started.stdout), text(started.stderr), started.exit]);
  return { code, stdout, stderr };
}

export async function text(source: ByteSource): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts).toString();
}
