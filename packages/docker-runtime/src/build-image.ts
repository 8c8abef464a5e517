import type { Readable } from "node:stream";

import { isWsError, type Log, type Report } from "@ws/workspace-core";
import type Docker from "dockerode";

import { createBuildOutput, type BuildMessage } from "./build-output.ts";
import type { Engine } from "./engine.ts";
import { diskFull, engineMessage, isDiskFull } from "./engine-errors.ts";
import { imageBuildFailed } from "./image-errors.ts";
import { jsonLines } from "./lines.ts";
import type { EngineInfo } from "./runtime-status.ts";

/** Builds an image under this tag with the engine's classic builder. A failed build leaves nothing behind. Throws `image_build_failed`, `disk_full`. */
export async function buildImage(building: {
  engine: Engine;
  log: Log;
  /** As a tar. */
  context: () => Readable;
  tag: string;
  /** Beside the tag. */
  options: Omit<Docker.ImageBuildOptions, "t" | "rm" | "forcerm">;
  report: Report;
  signal: AbortSignal;
}): Promise<void> {
  const { engine, log, context, tag, options, report, signal } = building;
  const output = createBuildOutput();
  const { SystemTime: began = "" } = await engine.call((docker) => docker.info() as Promise<EngineInfo>, signal);
  try {
    const body = engine.stream(
      (docker) => docker.buildImage(context(), { ...options, t: tag, rm: true, forcerm: true }),
      signal,
    );
    for await (const message of jsonLines<BuildMessage>(body)) {
      const progress = output.push(message);
      if (progress !== undefined) report(progress);
    }
    if (output.error !== undefined) throw failure(tag, output.error, output.tail);
    report({ message: `Built ${tag}`, percent: 100 });
  } catch (error) {
    if (isWsError(error, "internal")) throw failure(tag, engineMessage(error.cause), output.tail);
    throw error;
  } finally {
    await sweep(engine, output.made, Date.parse(began)).catch((error: unknown) => {
      log.warn("what an image build left behind could not be removed", { image: tag, error });
    });
  }
}

function failure(tag: string, reason: string, tail: readonly string[]): Error {
  return isDiskFull(reason) ? diskFull() : imageBuildFailed(tag, { reason, output: tail });
}

/**
 * Removes the images of a build that nothing is made upon: all of a failed one's, and the stages of a good one. What a program prints
 * may look as if the builder had made an image: one that was there before (`began`, by the engine's clock) is not the build's.
 */
async function sweep(engine: Engine, made: readonly string[], began: number): Promise<void> {
  for (const id of made.toReversed()) {
    const found = await engine.attempt([404], (docker) => docker.getImage(id).inspect());
    if (found.refused !== undefined) continue;
    const { RepoTags: tags, RepoDigests: digests, Created: created } = found.value;
    if ((tags ?? []).length > 0 || (digests ?? []).length > 0 || !(Date.parse(created) >= began)) continue;
    // 409: an image that stays is made upon it, or another build uses it right now.
    await engine.attempt([404, 409], (docker) => docker.getImage(id).remove({ noprune: true }) as Promise<unknown>);
  }
}
