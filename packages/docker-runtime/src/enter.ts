import { type Box, type Clock, isWsError, type Log, type WorkspaceId } from "@ws/workspace-core";

import { boxContainer } from "./box/container.ts";
import type { Engine } from "./engine.ts";
import { openBox } from "./open-box.ts";

/**
 * A Box into a running container, once `guard` has made sure of its firewall. Throws `engine_lost` and
 * `engine_unreachable` where the engine is the reason, else `box_unavailable`.
 */
export async function enter(options: {
  engine: Engine;
  handle: string;
  id: WorkspaceId;
  guard: (signal: AbortSignal) => Promise<void>;
  clock: Clock;
  log: Log;
  signal?: AbortSignal;
}): Promise<Box> {
  const { engine, handle, id, guard, clock, log, signal } = options;
  const failed = new AbortController();
  const limit = signal === undefined ? failed.signal : AbortSignal.any([failed.signal, signal]);
  const container = boxContainer(engine.docker.getContainer(handle));
  // No process but the Box's own runs before both are done.
  const opening = openBox({ container, id, clock, log, signal: limit });
  const guarding = guard(limit);
  try {
    // As one call, because a Box's own streams do not notice at once that an engine fell silent.
    const [box] = await engine.call(() => Promise.all([opening, guarding]), signal);
    return box;
  } catch (error) {
    failed.abort(error);
    opening.then(
      (box) => box[Symbol.asyncDispose](),
      () => undefined,
    );
    // What a stream that was cut says of the reason is little.
    if (isWsError(error, "box_unavailable")) await engine.call((docker) => docker.ping(), signal);
    throw error;
  }
}
