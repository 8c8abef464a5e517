import { basename, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

import { type Clock, isWsError, lines, type Log, type Report } from "@ws/workspace-core";

import { createBuildOutput, type BuildMessage } from "./build-output.ts";
import type { Engine } from "./engine.ts";
import { imageBuildFailed } from "./image-errors.ts";
import { jsonLines } from "./lines.ts";
import type { Machine } from "./machine.ts";
import { pullImage } from "./pull-image.ts";

/** What the Dockerfile names by default, and the same made on this machine from Debian's packages. */
const NAMES = { published: "debian:bookworm-slim", local: "ws-base:bookworm" };
/** A machine without a way to the registry should not wait for it. */
const PULL_PATIENCE_MS = 20_000;

/** The image to build upon: found on the engine, pulled, or made with debootstrap where no registry answers. */
export async function ensureBase(options: {
  engine: Engine;
  machine: Machine;
  clock: Clock;
  log: Log;
  /** `docker/base/build-base.sh`. */
  script: string;
  environment: Readonly<Record<string, string>>;
  report: Report;
  signal: AbortSignal;
  names?: { published: string; local: string };
}): Promise<string> {
  const { engine, clock, log, report, signal, names = NAMES } = options;
  for (const image of [names.published, names.local]) {
    const found = await engine.attempt([404], (docker) => docker.getImage(image).inspect(), signal);
    if (found.refused === undefined) return image;
  }
  try {
    await pullImage({ engine, clock, image: names.published, patienceMs: PULL_PATIENCE_MS, report, signal });
    return names.published;
  } catch (error) {
    if (!isWsError(error, "image_not_found")) throw error;
    log.info("the base image cannot be pulled; making one from Debian's packages", { reason: error.message });
  }
  await buildBase({ ...options, names });
  return names.local;
}

async function buildBase(options: Parameters<typeof ensureBase>[0] & { names: typeof NAMES }): Promise<void> {
  const { engine, machine, script, environment, report, signal, names } = options;
  const noBase = (reason: string, output: readonly string[], cause?: unknown): Error =>
    baseFailed(names, reason, output, cause);
  const tail: string[] = [];
  const say = (line: string): void => {
    tail.push(line);
    if (tail.length > 25) tail.shift();
    report({ message: `Making the Debian base: ${line.slice(0, 100)}` });
  };
  if (machine.platform !== "linux") throw noBase(`it cannot be pulled, and cannot be made on ${machine.platform}`, []);
  say("no registry answers, using Debian's packages");
  const program = machine.start(["sh", script], { env: environment, signal });
  const reading = (async () => {
    for await (const line of lines(program.stderr)) say(line.replace(/^[IWE]: /, ""));
  })();
  // The engine would import a tar that was cut short: the request only ends well where the script did.
  const whole = new Transform({
    transform: (chunk, _encoding, done) => done(null, chunk),
    flush(done) {
      program.exit.then(
        (code) => done(code === 0 ? null : new Error(`${basename(script)} ended with ${code}`)),
        (error: Error) => done(error),
      );
    },
  });
  const feeding = pipeline(program.stdout, whole, { signal });
  feeding.catch(() => undefined);
  const [repo, tag] = names.local.split(":") as [string, string];
  const output = createBuildOutput();
  try {
    const answer = engine.stream((docker) => docker.importImage(whole, { repo, tag }), signal);
    for await (const message of jsonLines<BuildMessage>(answer)) output.push(message);
    await feeding;
  } catch (error) {
    const code = await program.exit.catch(() => 127);
    await reading.catch(() => undefined);
    if (signal.aborted || code === 0) throw error;
    throw noBase(tail.at(-1) ?? `${basename(script)} ended with ${code}`, tail.slice(0, -1), error);
  }
  if (output.error !== undefined) throw noBase(output.error, tail);
}

function baseFailed(
  names: typeof NAMES,
  reason: string,
  output: readonly string[],
  cause?: unknown,
): ReturnType<typeof imageBuildFailed> {
  const script = join("docker", "base", "build-base.sh");
  return imageBuildFailed(names.local, {
    reason,
    output,
    cause,
    next:
      `Either give the engine a base ('docker pull ${names.published}', or 'docker load' a saved one), or make one as root: ` +
      `'apt-get install debootstrap', then 'sh ${script} | docker import - ${names.local}'.`,
  });
}
