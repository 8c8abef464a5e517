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
  /** Its name. */
  terminal: string;
  /** Of one that is there already; then the name is not asked for. */
  id?: string;
  create: boolean;
  size: TerminalSize;
  command?: [string, ...string[]];
}

/** The terminals that somebody looks at. */
export interface Hubs extends Disposable {
  attach(request: AttachRequest): Promise<Hub>;
  /** Of the terminal with this id; 0 where nobody looks. */
  viewers(workspace: string, id: string): number;
  /** What its program calls what it does; known while somebody looks at it, or did lately. */
  title(workspace: string, id: string): string | undefined;
  /** It has another name now; all who look at it stay. */
  renamed(workspace: string, id: string, name: string): void;
}

/** Who comes back within this time finds the screen ready. */
const LINGER_MS = 5 * 60_000;

export function createHubs(clock: Clock): Hubs {
  /** By workspace and name, also while they are being made. */
  const hubs = new Map<string, { made: Promise<Hub>; hub?: Hub }>();
  /** By workspace and id. */
  const living = new Map<string, Hub>();
  /** They outlive a hub: who comes back after hours still has the end of a paste to send. */
  const inputs = createInputs();
  /** Without it a screen that waits for its viewer would hold the whole process back from ending. */
  const closing = new AbortController();

  async function make(request: AttachRequest, made: (hub: Hub) => void): Promise<Hub> {
    const terminals = await request.terminals();
    const state = await stateOf(terminals, request);
    const key = `${request.workspace} ${state.id}`;
    let leaving = new AbortController();
    const forget = (): void => {
      if (living.get(key) !== hub) return;
      living.delete(key);
      const named = `${request.workspace} ${hub.name()}`;
      // Another one may have the name by now.
      if (hubs.get(named)?.hub === hub) hubs.delete(named);
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
    made(hub);
    // The one for whom it was made may have gone away meanwhile, and nobody would ever leave it.
    linger();
    return hub;
  }

  function attach(request: AttachRequest): Promise<Hub> {
    const key = `${request.workspace} ${request.terminal}`;
    const existing = hubs.get(key)?.made;
    if (existing !== undefined) return existing;
    const entry: { made: Promise<Hub>; hub?: Hub } = { made: make(request, (hub) => (entry.hub = hub)) };
    hubs.set(key, entry);
    entry.made.catch(() => {
      if (hubs.get(key) === entry) hubs.delete(key);
    });
    return entry.made;
  }

  async function attachKnown(id: string, request: AttachRequest): Promise<Hub> {
    const hub = living.get(`${request.workspace} ${id}`);
    if (hub !== undefined) return hub;
    const found = (await (await request.terminals()).list()).find((other) => other.id === id);
    if (found === undefined) throw gone(id);
    return attach({ ...request, terminal: found.name, create: false });
  }

  return {
    attach: (request) => (request.id === undefined ? attach(request) : attachKnown(request.id, request)),
    viewers: (workspace, id) => living.get(`${workspace} ${id}`)?.viewers() ?? 0,
    title: (workspace, id) => living.get(`${workspace} ${id}`)?.title(),
    renamed(workspace, id, name) {
      const hub = living.get(`${workspace} ${id}`);
      if (hub === undefined) return;
      const before = `${workspace} ${hub.name()}`;
      const after = `${workspace} ${name}`;
      const entry = hubs.get(before);
      hub.renamed(name);
      if (entry?.hub !== hub) return;
      hubs.delete(before);
      if (!hubs.has(after)) hubs.set(after, entry);
    },
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
  const state = (await terminals.list()).find((other) => other.name === id);
  if (state === undefined) throw gone(id);
  return state;
}

function gone(terminal: string): WsError<"terminal_not_found"> {
  return new WsError("terminal_not_found", {
    message: `There is no terminal '${terminal}'.`,
    next: "Attach without 'create: false' to make it.",
    data: { terminal },
  });
}
