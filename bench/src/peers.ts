import { adopt } from "./adopt.ts";
import { createEnginePeer, type EnginePeer } from "./peers/engine.ts";
import { startWetty, type Wetty } from "./peers/wetty.ts";

/** What ours is measured beside. */
export interface Peers {
  engine: EnginePeer;
  /** Started when a row first asks, and ended with the run. With a container, its shell is in there. */
  wetty: (container?: string) => Promise<Wetty>;
}

export function createPeers(options: {
  cleanup: AsyncDisposableStack;
  /** Marks the containers of this run. */
  run: string;
  say: (line: string) => void;
  signal: AbortSignal;
}): Peers {
  const { cleanup, run, say, signal } = options;
  const wettys = new Map<string | undefined, Promise<Wetty>>();
  return {
    engine: createEnginePeer({ cleanup, run }),
    wetty(container) {
      const wetty = wettys.get(container) ?? adopt(cleanup, startWetty({ container, say, signal }));
      wettys.set(container, wetty);
      return wetty;
    },
  };
}
