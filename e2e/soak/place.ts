// What a soak's worker process needs beside what it measures: a server in a process of its own, so that its memory and its
// processor time are not the worker's, and a workspace in a container.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { createDockerRuntime, engineAddress } from "@ws/docker-runtime";
import type { Box, Log, PlaceSpec } from "@ws/workspace-core";

export interface Measured {
  seconds: number;
  mibPerSecond: number;
  /** Of the worker's process. */
  cpuSeconds: number;
  /** The most memory of the worker's process at the beginning, at the end, and in all. */
  firstQuarterMiB: number;
  lastQuarterMiB: number;
  maxMiB: number;
}

/** What a worker's process says of itself, beside the `Measured` of each transfer. */
export interface Held {
  megabytes: number;
  /** The worker's memory before the first transfer, and the most it ever had. */
  idleMiB: number;
  peakMiB: number;
  /** Whether all that was moved is whole where it came to. */
  intact: boolean;
}

export const MIB = 1_048_576;

const say = (level: string) => (message: string, fields?: unknown) => {
  console.error(level, message, fields === undefined ? "" : JSON.stringify(fields));
};
export const log: Log = { debug: () => undefined, info: say("info"), warn: say("warn"), error: say("error") };

/** Starts a script that says in one line of JSON where it is and ends with its input; resolves to what it said. */
export async function startServer<T>(script: URL, megabytes: number, parts: AsyncDisposableStack): Promise<T> {
  const argv = [...process.execArgv, fileURLToPath(script), String(megabytes)];
  const server = spawn(process.execPath, argv, { stdio: ["pipe", "pipe", "inherit"] });
  parts.defer(async () => {
    server.stdin.end();
    await once(server, "close");
  });
  const [line] = (await once(createInterface(server.stdout), "line")) as [string];
  return JSON.parse(line) as T;
}

export async function openPlace(
  random: string,
  image: string | undefined,
  parts: AsyncDisposableStack,
): Promise<{ spec: PlaceSpec; box: Box }> {
  const runtime = createDockerRuntime({
    instance: `soak-${random}`,
    imageDirectory: fileURLToPath(new URL("../../docker", import.meta.url)),
    engine: engineAddress(process.env, (path) => readFileSync(path, "utf8")),
    clock: {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      sleep: (ms, signal) => sleep(ms, undefined, { signal }),
    },
    log,
    environment: process.env,
  });
  const spec: PlaceSpec = {
    id: `ws-soak${random}`,
    name: `soak-${random}`,
    profile: "person",
    limits: {},
    ...(image === undefined ? {} : { image }),
  };
  await runtime.prepare({
    ...(image === undefined ? {} : { image }),
    report: ({ message }) => console.error(message),
  });
  parts.defer(() => runtime.teardown());
  await runtime.create(spec);
  parts.defer(() => runtime.remove(spec.id));
  await runtime.start(spec);
  return { spec, box: parts.use(await runtime.open(spec.id)) };
}

/** Runs a program in the repository `big`; throws where it fails. */
export async function run(box: Box, argv: readonly [string, ...string[]]): Promise<string> {
  const process = await box.run(argv, { cwd: box.repositoryDirectory("big") });
  const [stdout, stderr, exit] = await Promise.all([text(process.stdout), text(process.stderr), process.exit]);
  if (exit.code !== 0) throw new Error(`${argv.join(" ")}: ${stderr}`);
  return stdout.trim();
}

async function text(source: AsyncIterable<Uint8Array>): Promise<string> {
  let all = "";
  for await (const chunk of source) all += Buffer.from(chunk).toString();
  return all;
}

export async function measure(megabytes: number, work: () => Promise<unknown>): Promise<Measured> {
  const samples: number[] = [];
  const timer = setInterval(() => samples.push(process.memoryUsage.rss() / MIB), 50);
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1_000;
  clearInterval(timer);
  const { user, system } = process.cpuUsage(cpu);
  const quarter = Math.ceil(samples.length / 4);
  return {
    seconds: round(seconds),
    mibPerSecond: round(megabytes / seconds),
    cpuSeconds: round((user + system) / 1e6),
    firstQuarterMiB: Math.round(Math.max(...samples.slice(0, quarter))),
    lastQuarterMiB: Math.round(Math.max(...samples.slice(-quarter))),
    maxMiB: Math.round(Math.max(...samples)),
  };
}

/** The memory of this process, as it is now and as it was at the most. */
export function memory(): { nowMiB: number; peakMiB: number } {
  return {
    nowMiB: Math.round(process.memoryUsage.rss() / MIB),
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1_024),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
