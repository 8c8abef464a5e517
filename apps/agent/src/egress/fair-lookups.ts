import type { LookupAddress } from "node:dns";
import { type Clock, WsError } from "@ws/workspace-core";

export interface FairLookupsOptions {
  /** All addresses of a name. */
  lookup: (host: string) => Promise<LookupAddress[]>;
  clock: Pick<Clock, "sleep">;
}

/** Each look-up holds one of the few threads on which the worker reads files too. */
const AT_ONCE = 2;
const LIMIT_MS = 8_000;

interface Turn extends PromiseWithResolvers<LookupAddress[]> {
  host: string;
}

/**
 * Looks names up for many workspaces, which take turns, each with one at a time: whose names are slow to be found holds up nobody else.
 * Throws the look-up's own error, and `timeout` after eight seconds, waiting included.
 */
export function fairLookups({ lookup, clock }: FairLookupsOptions) {
  const going = new Map<string, Promise<LookupAddress[]>>();
  /** Whose turn is next stands first. */
  const waiting = new Map<string, Turn[]>();
  const busy = new Set<string>();

  function begin(): void {
    for (const [workspace, [turn, ...rest]] of waiting) {
      if (busy.size >= AT_ONCE) return;
      if (busy.has(workspace)) continue;
      waiting.delete(workspace);
      if (rest.length > 0) waiting.set(workspace, rest);
      if (turn !== undefined) void run(workspace, turn);
    }
  }

  /** Nobody can end one that has begun: it takes its thread until it is over, however long ago it was given up. */
  async function run(workspace: string, { host, resolve, reject }: Turn): Promise<void> {
    busy.add(workspace);
    try {
      resolve(await lookup(host));
    } catch (error) {
      reject(error);
    } finally {
      busy.delete(workspace);
      begin();
    }
  }

  function giveUp(workspace: string, turn: Turn): void {
    const rest = waiting.get(workspace)?.filter((other) => other !== turn) ?? [];
    if (rest.length > 0) waiting.set(workspace, rest);
    else waiting.delete(workspace);
    turn.reject(tooSlow(turn.host));
  }

  async function ask(host: string, workspace: string): Promise<LookupAddress[]> {
    const turn: Turn = { host, ...Promise.withResolvers<LookupAddress[]>() };
    const over = new AbortController();
    waiting.set(workspace, [...(waiting.get(workspace) ?? []), turn]);
    clock.sleep(LIMIT_MS, over.signal).then(
      () => giveUp(workspace, turn),
      () => undefined,
    );
    begin();
    try {
      return await turn.promise;
    } finally {
      over.abort();
    }
  }

  return (host: string, workspace: string): Promise<LookupAddress[]> => {
    const key = `${workspace} ${host}`;
    const asked = going.get(key) ?? ask(host, workspace).finally(() => going.delete(key));
    going.set(key, asked);
    return asked;
  };
}

function tooSlow(host: string): WsError<"timeout"> {
  return new WsError("timeout", {
    message: `${host} was not found within ${LIMIT_MS / 1_000} seconds.`,
    next: "Try again; where it stays so, look at the name servers of the worker.",
    data: { afterMs: LIMIT_MS },
  });
}
