import { adopt } from "./adopt.ts";
import { createEnginePeer, type EnginePeer } from "./peers/engine.ts";
import { type GitPeer, startGitPeer } from "./peers/git.ts";
import { startWetty, type Wetty } from "./peers/wetty.ts";

/** What ours is measured beside. */
export interface Peers {
  engine: EnginePeer;
  /** Started when a row first asks, and ended with the run. With a container, its shell is in there. */
  wetty: (container?: string) => Promise<Wetty>;
  /** A server with a large repository, and git beside it; started when a row first asks. */
  git: () => Promise<GitPeer>;
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
  let git: Promise<GitPeer> | undefined;
  return {
    git: () => (git ??= adopt(cleanup, startGitPeer())),
    engine: createEnginePeer({ cleanup, run }),
    wetty(container) {
      const wetty = wettys.get(container) ?? adopt(cleanup, startWetty({ container, say, signal }));
      wettys.set(container, wetty);
      return wetty;
    },
  };
}
