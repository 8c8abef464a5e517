import {
  WsError,
  type Clock,
  type TerminalSize,
  type TerminalState,
  type WorkspaceTerminals,
} from "@ws/workspace-core";
import { createHub, type Ending, type Hub } from "./hub.ts";
import { createInputs } from "./inputs.ts";

export interface AttachRequest {
  workspace: string;
  terminals: () => Promise<WorkspaceTerminals>;
  terminal: string;
  create: boolean;
  size: TerminalSize;
  command?: [string, ...string[]];
}

/** The terminals that somebody looks at. */
export interface Hubs extends Disposable {
  attach(request: AttachRequest): Promise<Hub>;
  viewers(workspace: string, terminal: string): number;
}

/** Who comes back within this time finds the screen ready. */
const LINGER_MS = 5 * 60_000;

export function createHubs(clock: Clock): Hubs {
  const hubs = new Map<string, Promise<Hub>>();
  const living = new Map<string, Hub>();
  /** They outlive a hub: who comes back after hours still has the end of a paste to send. */
  const inputs = createInputs();
  /** Without it a screen that waits for its viewer would hold the whole process back from ending. */
  const closing = new AbortController();

  async function make(key: string, request: AttachRequest): Promise<Hub> {
    const terminals = await request.terminals();
    const state = await stateOf(terminals, request);
    let leaving = new AbortController();
    const forget = (): void => {
      if (living.get(key) !== hub) return;
      living.delete(key);
      hubs.delete(key);
    };
    const linger = (): void => {
      leaving.abort();
      leaving = new AbortController();
      clock.sleep(LINGER_MS, AbortSignal.any([leaving.signal, closing.signal])).then(
        () => {
          if (hub.viewers() > 0) return;
          forget();
          hub.close();
        },
        () => undefined,
      );
    };
    const scope = `${key} ${state.createdAt}`;
    const hub: Hub = createHub({
      terminals,
      state,
      clock,
      claim: (asked, claimant) => inputs.claim(scope, asked, claimant),
      onOver(ending: Ending) {
        // Of a terminal that is only out of reach the program goes on.
        if ("exit" in ending) inputs.forget(scope);
        forget();
      },
      onIdle: linger,
    });
    living.set(key, hub);
    // The one for whom it was made may have gone away meanwhile, and nobody would ever leave it.
    linger();
    return hub;
  }

  return {
    attach(request) {
      const key = `${request.workspace} ${request.terminal}`;
      const existing = hubs.get(key);
      if (existing !== undefined) return existing;
      const made = make(key, request);
      hubs.set(key, made);
      made.catch(() => {
        if (hubs.get(key) === made) hubs.delete(key);
      });
      return made;
    },
    viewers: (workspace, terminal) => living.get(`${workspace} ${terminal}`)?.viewers() ?? 0,
    [Symbol.dispose]() {
      closing.abort();
      for (const hub of living.values()) hub.close();
      living.clear();
      hubs.clear();
    },
  };
}

async function stateOf(terminals: WorkspaceTerminals, request: AttachRequest): Promise<TerminalState> {
  const { terminal: id, create, size, command } = request;
  if (create) return terminals.open({ id, size, ...(command === undefined ? {} : { argv: command }) });
  const state = (await terminals.list()).find((other) => other.id === id);
  if (state !== undefined) return state;
  throw new WsError("terminal_not_found", {
    message: `There is no terminal '${id}'.`,
    next: "Attach without 'create: false' to make it.",
    data: { terminal: id },
  });
}
