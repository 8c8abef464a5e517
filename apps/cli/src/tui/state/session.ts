import type { TaskInfo, WorkspaceEvent, WorkspaceInfo, WorkspaceUsage } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { follow, type Connection } from "@ws/rpc-contract/connection";
import { connectAgent } from "../../agent-connection.ts";
import { isOver } from "../../commands/task/task-text.ts";
import { given } from "../../given.ts";
import { toCliError } from "../../errors.ts";
import { nudgedConnection } from "../../following/nudged-connection.ts";
import type { Io } from "../../io.ts";
import type { Target } from "../../target.ts";
import { createStore, type Readable } from "./store.ts";
import { watchUsage } from "./usage.ts";

/** What is known of one worker, kept up for as long as it is shown. */
export interface Session extends Disposable {
  /** What the worker calls itself. */
  readonly worker: string;
  readonly client: AgentClient;
  readonly target: Target;
  readonly connection: Connection;
  /** Undefined until the worker has told them. */
  readonly workspaces: Readable<readonly WorkspaceInfo[] | undefined>;
  /** Those that are not over, and those that ended while this was looking, by id. */
  readonly tasks: Readable<ReadonlyMap<string, TaskInfo>>;
  /** What the running ones use, by id; asked for while somebody subscribes. */
  readonly usage: Readable<ReadonlyMap<string, WorkspaceUsage>>;
  /** How often a workspace's terminals became others, by its id: a reason to list them again. */
  readonly terminalChanges: Readable<ReadonlyMap<string, number>>;
  /** How often there was a reason to ask again whatever was asked before: the worker is there again, or tasks that ended are no longer kept here. */
  readonly returns: Readable<number>;
  /** Why nothing can be told, where that is so: what the worker refused, or its engine. */
  readonly problem: Readable<string | undefined>;
}

/**
 * Rejects where the worker does not answer, or refuses this device, or `signal` ends the wait for it; then nothing is left open.
 * What is asked by the session's client ends with the session.
 */
export async function openSession(io: Io, target: Target, signal?: AbortSignal): Promise<Session> {
  const over = new AbortController();
  const { client } = await connectAgent(io, target, over.signal);
  const { hostname, engineAvailable } = await client.info(undefined, given({ signal }));
  signal?.throwIfAborted();
  // Every key of the terminal is the screens'.
  const connection = nudgedConnection({ ...io, isForeground: () => false });
  const workspaces = createStore<readonly WorkspaceInfo[] | undefined>(undefined);
  const tasks = createStore<ReadonlyMap<string, TaskInfo>>(new Map());
  const terminalChanges = createStore<ReadonlyMap<string, number>>(new Map());
  const returns = createStore(0);
  /** Another one each time that the engine is asked for, none once it was told of. */
  let engineAsked: object | undefined;
  /** What the worker has told the whole of. */
  const told = new Set<WorkspaceEvent["type"]>();
  const problem = createStore(engineAvailable ? undefined : ENGINE_AWAY);
  follow<WorkspaceEvent>({
    connection,
    open: (signal) => client.workspaces.events({ tasks: true }, { signal }),
    onEvent: take,
    signal: over.signal,
  }).catch((error: unknown) => problem.set(toCliError(error).message));
  return {
    worker: target.on ?? hostname,
    client,
    target,
    connection,
    workspaces,
    tasks,
    usage: watchUsage(client, connection, over.signal),
    terminalChanges,
    returns,
    problem,
    [Symbol.dispose]() {
      over.abort();
      connection.close();
    },
  };

  function take(event: WorkspaceEvent): void {
    switch (event.type) {
      case "snapshot":
        workspaces.set(event.workspaces);
        askEngine();
        return tellReturn(event.type);
      case "changed":
        return workspaces.set(withChanged(workspaces.get() ?? [], event.workspace));
      case "removed":
        workspaces.set((workspaces.get() ?? []).filter(({ id }) => id !== event.id));
        return terminalChanges.set(without(terminalChanges.get(), [event.id]));
      case "terminal":
        return terminalChanges.set(counted(terminalChanges.get(), event.id));
      case "engine":
        engineAsked = undefined;
        return problem.set(event.available ? undefined : (event.message ?? ENGINE_AWAY));
      case "tasks":
        // Only those that are not over: what became of the others meanwhile has to be asked.
        tasks.set(new Map(event.tasks.map((task) => [task.id, task])));
        return tellReturn(event.type);
      case "task":
        return takeTask(event.task);
    }
  }

  /** What the engine is told of is how it changes, not how it is. */
  function askEngine(): void {
    const asked = (engineAsked = {});
    const tell = (isThere: boolean): void => {
      if (asked !== engineAsked) return;
      problem.set(isThere ? undefined : (problem.get() ?? ENGINE_AWAY));
    };
    // One that cannot be asked is away, which the stream tells.
    client.info(undefined, { signal: over.signal }).then(
      (info) => tell(info.engineAvailable),
      () => undefined,
    );
  }

  function takeTask(task: TaskInfo): void {
    const all = new Map(tasks.get()).set(task.id, task);
    const ended = [...all.values()].filter(isOver);
    if (ended.length <= 2 * KEPT_ENDED) return tasks.set(all);
    // From now on they are as whoever lists them is told.
    const forgotten = ended.sort((a, b) => a.changedAt.localeCompare(b.changedAt)).slice(0, -KEPT_ENDED);
    tasks.set(
      without(
        all,
        forgotten.map(({ id }) => id),
      ),
    );
    returns.set(returns.get() + 1);
  }

  /** What was asked while it was away, or before, may be otherwise by now. */
  function tellReturn(type: WorkspaceEvent["type"]): void {
    if (told.has(type)) returns.set(returns.get() + 1);
    told.add(type);
  }
}

/** Tasks that are over; up to twice as many are held. */
const KEPT_ENDED = 200;
const ENGINE_AWAY = "The worker's container engine does not answer.";

/** It keeps its place; a new one comes last, as the youngest. */
function withChanged(all: readonly WorkspaceInfo[], changed: WorkspaceInfo): readonly WorkspaceInfo[] {
  const index = all.findIndex(({ id }) => id === changed.id);
  return index === -1 ? [...all, changed] : all.with(index, changed);
}

function without<T>(all: ReadonlyMap<string, T>, ids: readonly string[]): ReadonlyMap<string, T> {
  const left = new Map(all);
  for (const id of ids) left.delete(id);
  return left;
}

function counted(counts: ReadonlyMap<string, number>, id: string): ReadonlyMap<string, number> {
  return new Map(counts).set(id, (counts.get(id) ?? 0) + 1);
}
