import { adopt } from "./adopt.ts";
import { createEnginePeer, type EnginePeer } from "./peers/engine.ts";
import { startWetty, type Wetty } from "./peers/wetty.ts";

/** What ours is measured beside. */
export interface Peers {
  engine: EnginePeer;
  /** Started when a row first asks, and ended with the run. */
  wetty: () => Promise<Wetty>;
}

export function createPeers(options: {
  cleanup: AsyncDisposableStack;
  /** Marks the containers of this run. */
  run: string;
  say: (line: string) => void;
  signal: AbortSignal;
}): Peers {
  const { cleanup, run, say, signal } = options;
  let wetty: Promise<Wetty> | undefined;
  return {
    engine: createEnginePeer({ cleanup, run }),
    wetty: () => (wetty ??= adopt(cleanup, startWetty(say, signal))),
  };
}
