import { type Clock, isWsError, type Report } from "@ws/workspace-core";

import { type BuildMessage, createBuildOutput } from "./build-output.ts";
import type { Engine } from "./engine.ts";
import { diskFull, engineMessage, isDiskFull } from "./engine-errors.ts";
import { imageNotFound } from "./image-errors.ts";
import { jsonLines } from "./lines.ts";

/** Pulls one tag. Throws `image_not_found` with the registry's reason, also after `patienceMs` without any progress. */
export async function pullImage(options: {
  engine: Engine;
  clock: Clock;
  image: string;
  patienceMs: number;
  report: Report;
  signal?: AbortSignal | undefined;
}): Promise<void> {
  const { engine, clock, image, patienceMs, report, signal } = options;
  const output = createBuildOutput();
  const stall = createStall(clock, patienceMs);
  using _ = stall;
  const both = signal === undefined ? stall.signal : AbortSignal.any([signal, stall.signal]);
  report({ message: `Pulling ${image}` });
  try {
    const body = engine.stream((docker) => docker.createImage({ fromImage: withTag(image) }), both);
    for await (const message of jsonLines<BuildMessage>(body)) {
      stall.moved();
      const progress = output.push(message);
      if (progress !== undefined) report({ message: `Pulling ${image}: ${progress.message}` });
    }
  } catch (error) {
    if (stall.signal.aborted && signal?.aborted !== true) {
      throw imageNotFound(image, `its registry did not answer within ${patienceMs / 1_000} seconds`);
    }
    // Without these the request was refused, which is how a registry's no arrives.
    if (!isWsError(error, "internal")) throw error;
    throw imageNotFound(image, engineMessage(error.cause));
  }
  if (output.error === undefined) return;
  if (isDiskFull(output.error)) throw diskFull();
  throw imageNotFound(image, output.error);
}

/** Without a tag the engine would pull every tag there is. */
export function withTag(image: string): string {
  const last = image.slice(image.lastIndexOf("/") + 1);
  return /[:@]/.test(last) ? image : `${image}:latest`;
}

function createStall(clock: Clock, patienceMs: number): Disposable & { signal: AbortSignal; moved(): void } {
  const stalled = new AbortController();
  let timer = new AbortController();
  const arm = (): void => {
    clock.sleep(patienceMs, timer.signal).then(
      () => stalled.abort(),
      () => undefined,
    );
  };
  arm();
  return {
    signal: stalled.signal,
    moved() {
      timer.abort();
      timer = new AbortController();
      arm();
    },
    [Symbol.dispose]: () => timer.abort(),
  };
}
