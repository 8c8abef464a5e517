import type { WorkspaceUsage } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { follow, type Connection } from "@ws/rpc-contract/connection";
import { createStore, type Readable } from "./store.ts";

type Usages = ReadonlyMap<string, WorkspaceUsage>;

const NOTHING: Usages = new Map();

/** What running workspaces use, read by the worker only as long as somebody subscribes. Where the worker cannot tell, it stays empty. */
export function watchUsage(
  client: Pick<AgentClient, "workspaces">,
  connection: Connection,
  signal: AbortSignal,
): Readable<Usages> {
  const latest = createStore(NOTHING);
  let watchers = 0;
  let unwatched = new AbortController();
  return {
    get: latest.get,
    subscribe(listener) {
      const unsubscribe = latest.subscribe(listener);
      watchers += 1;
      if (watchers === 1) watch((unwatched = new AbortController()));
      return () => {
        unsubscribe();
        watchers -= 1;
        if (watchers === 0) unwatched.abort();
      };
    },
  };

  function watch({ signal: noMore }: AbortController): void {
    follow({
      connection,
      open: (ended) => client.workspaces.usage({}, { signal: ended }),
      onEvent: ({ usages }) => latest.set(new Map(usages.map((usage) => [usage.id, usage]))),
      onLost: () => latest.set(NOTHING),
      signal: AbortSignal.any([signal, noMore]),
    }).catch(() => latest.set(NOTHING));
  }
}
