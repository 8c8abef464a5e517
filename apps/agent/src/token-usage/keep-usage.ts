import {
  inTime,
  isFinal,
  type Clock,
  type Log,
  type TaskRecord,
  type Tasks,
  type Workspaces,
  WsError,
} from "@ws/workspace-core";
import type { State } from "../store/store.ts";

/** What coding tools use, taken in while they do. */
export interface KeptUsage {
  /** Reads the logs of the running workspaces, or of this one, as far as that goes within some seconds. */
  refresh(workspace: string | undefined, signal: AbortSignal): Promise<void>;
}

type Read = Pick<Workspaces, "list" | "find" | "readUsage">;

const FIRST_MS = 60_000;
const LOOK_EVERY_MS = 300_000;
/** What nobody has used for so long has no coding tool in it that goes on. */
const IN_USE_MS = 12 * 3_600_000;
const TIDY_EVERY = 288;
/** Whoever opens the screen waits for so long at most: the rest is there the next time. */
const REFRESH_MS = 10_000;
/** How many are read at once by somebody who waits. */
const AT_ONCE = 4;

/**
 * Logs are read when a task of a coding tool comes to its end, every few minutes in what is in use, and when somebody asks; the core reads them before a
 * workspace stops or goes. Nothing of it is waited for by anybody else.
 */
export function keepUsage(options: {
  state: { usage: Pick<State["usage"], "said" | "tidy">; workspaces: Pick<State["workspaces"], "get"> };
  workspaces: () => Promise<Read>;
  tasks: () => Promise<Pick<Tasks, "changes">>;
  clock: Clock;
  log: Log;
  /** The agent's own end. */
  signal: AbortSignal;
}): KeptUsage {
  const { state, clock, log, signal } = options;
  const unlessClosing = (message: string) => (error: unknown) => {
    if (!signal.aborted) log.warn(message, { error });
  };

  async function followTasks(): Promise<void> {
    const tasks = await options.tasks();
    for await (const record of tasks.changes(signal)) {
      if (record.spec.kind !== "agent" || record.attempt === 0 || !hasEnded(record)) continue;
      await takeIn(record).catch(unlessClosing("what a task used could not be taken in"));
    }
  }

  async function takeIn(record: TaskRecord): Promise<void> {
    const { id, workspace, spec, session, usage, execution, startedAt = record.createdAt } = record;
    if (spec.kind !== "agent") return;
    const workspaces = await options.workspaces();
    await workspaces.readUsage(workspace, signal);
    // It may be gone by now, and what it was read for with it.
    const place = state.workspaces.get(workspace);
    if (place === undefined) return;
    state.usage.said({
      task: id,
      workspace: { id: workspace, name: place.name, execution: execution ?? place.execution?.id },
      tool: spec.tool,
      model: spec.model ?? "",
      session,
      startedAt,
      endedAt: clock.now(),
      ...usage,
    });
  }

  async function lookNowAndThen(): Promise<void> {
    const workspaces = await options.workspaces();
    // Whoever waits for the agent to come up wants other things of it.
    await clock.sleep(FIRST_MS, signal);
    for (let round = 0; !signal.aborted; round += 1) {
      // What failed once, on a full disk for example, is tried again the next time.
      await look(workspaces).catch(unlessClosing("what coding tools use could not be looked for"));
      if (round % TIDY_EVERY === 0) await tidy(workspaces).catch(unlessClosing("old use could not be summed up"));
      await clock.sleep(LOOK_EVERY_MS, signal);
    }
  }

  async function look(workspaces: Read): Promise<void> {
    const since = clock.now() - IN_USE_MS;
    for (const { id, lastUsedAt } of workspaces.list()) {
      if (lastUsedAt >= since) await workspaces.readUsage(id, signal);
    }
  }

  const tidy = (workspaces: Read): Promise<void> =>
    state.usage.tidy((id) => workspaces.find(id as `ws-${string}`) !== undefined);

  followTasks().catch(unlessClosing("what tasks use is not taken in at their end"));
  lookNowAndThen().catch(unlessClosing("what coding tools use is no longer looked for"));

  return {
    async refresh(workspace, asking) {
      const workspaces = await options.workspaces();
      const waiting = workspaces.list().filter(({ id }) => workspace === undefined || id === workspace);
      const late = (): WsError<"timeout"> =>
        new WsError("timeout", { message: "It took too long.", data: { afterMs: REFRESH_MS } });
      const limit = { ms: REFRESH_MS, signal: AbortSignal.any([asking, signal]), late };
      await inTime(clock, limit, async (ending) => {
        const next = async (): Promise<void> => {
          for (let one = waiting.pop(); one !== undefined && !ending.aborted; one = waiting.pop()) {
            await workspaces.readUsage(one.id, signal);
          }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, next));
      }).catch((error: unknown) => {
        if (!asking.aborted) log.debug("not all logs of coding tools were read for whoever asks", { error });
      });
    },
  };
}

/** Whether its last attempt is over. */
function hasEnded({ status }: TaskRecord): boolean {
  return isFinal(status) || status === "waiting_input" || status === "limited" || status === "auth_failed";
}
