import { toWsError } from "../errors.ts";
import type { Clock, Log } from "../ports.ts";
import type { Runs } from "../runs/runs.ts";
import type { WorkspaceId } from "../workspace.ts";
import type { StopReason, TaskEvent } from "./advance.ts";
import type { Accounts } from "./agents/accounts.ts";
import { createAgentWork } from "./agents/agent-work.ts";
import type { TaskAgents } from "./agents/task-agents.ts";
import { carryTask } from "./carry.ts";
import { chooseNext, type Queued, type TaskLimits } from "./choose.ts";
import { createDoors, type Doors } from "./doors.ts";
import { createLeasing, type TaskLeases } from "./leasing.ts";
import { isNumberZero } from "./number-zero.ts";
import { failureOf, isPassing } from "./passing.ts";
import { settleTask } from "./settle.ts";
import { createSweeper } from "./sweep-runs.ts";
import { isFinal, type TaskId, type TaskRecord } from "./task.ts";
import type { TaskRecords } from "./task-records.ts";
import type { TaskPlace, TaskWorkspaces } from "./task-workspaces.ts";

export interface ConductorPorts {
  records: TaskRecords;
  accounts: Accounts;
  workspaces: TaskWorkspaces;
  clock: Clock;
  log: Log;
  limits: () => TaskLimits;
  agents: TaskAgents;
  /** Throws why a task may not begin. */
  demand: (record: TaskRecord) => void;
  leases: TaskLeases | undefined;
}

/** Begins tasks when it is their turn, and brings each that runs to its end. */
export interface Conductor extends AsyncDisposable {
  /** Takes up what an earlier agent left, and from then on begins what may begin. */
  begin(): void;
  /** Something changed that may let a task begin. */
  wake(): void;
  /** Looks at a task that runs again: its end was asked for. */
  nudge(id: TaskId): void;
  /** Resolves once the run of its present attempt is there, where it is being started. */
  started(id: TaskId): Promise<void>;
  /** Knows the state of a workspace that got a task, to see from there when it is stopped. */
  watch(place: TaskPlace): void;
}

const RETRY_MS = 1_000;
/** Wall time may be set forward. */
const LOOK_EVERY_MS = 60_000;

interface Slot extends Pick<Queued, "workspace" | "account" | "conversation"> {
  since: number;
  /** Ends what the present attempt waits for, so that it looks again. */
  turn: AbortController;
  started: PromiseWithResolvers<void>;
  work: Promise<void>;
  /** How its workspace was seen to go while it ran. */
  gone?: StopReason;
}

export function createConductor(ports: ConductorPorts): Conductor {
  const { records, accounts, workspaces, clock, log, limits, demand, leases } = ports;
  const closing = new AbortController();
  const slots = new Map<TaskId, Slot>();
  const isInside = (id: TaskId): boolean => slots.has(id);
  const agentWork = createAgentWork({ ...ports, wake, closing: closing.signal });
  const doors = createDoors({ records, workspaces, clock, log, closing: closing.signal, wake, isInside });
  const sweeper = createSweeper({ records, log, closing: closing.signal });
  const settle = (id: TaskId, event: TaskEvent): Promise<void> =>
    settleTask(id, event, { records, clock, log, closing: closing.signal });
  const leasing = createLeasing({ records, leases, workspaces, demand, log, closing: closing.signal });
  let begun = false;
  let pumping = false;
  let alarm = new AbortController();
  let listening: Promise<void> = Promise.resolve();
  let ending: Promise<void> = Promise.resolve();

  function wake(): void {
    if (!begun || pumping || closing.signal.aborted) return;
    pumping = true;
    queueMicrotask(() => {
      pumping = false;
      if (closing.signal.aborted) return;
      try {
        pump();
      } catch (error) {
        log.error("tasks could not be begun", { error });
        wakeIn(RETRY_MS);
      }
    });
  }

  function wakeIn(ms: number): void {
    alarm.abort();
    alarm = new AbortController();
    const { signal } = alarm;
    clock
      .sleep(Math.min(Math.max(ms, 0), LOOK_EVERY_MS), AbortSignal.any([signal, closing.signal]))
      .then(wake, () => undefined);
  }

  function pump(): void {
    const now = clock.now();
    const running = new Map<WorkspaceId, number>();
    const inUse = { accounts: new Set<string>(), conversations: new Set<string>() };
    for (const [id, { workspace, account, conversation: known }] of slots) {
      // One that it began itself has a name only since.
      const conversation = records.live.get(id)?.conversation ?? known;
      running.set(workspace, (running.get(workspace) ?? 0) + 1);
      if (account !== undefined) inUse.accounts.add(account);
      if (conversation !== undefined) inUse.conversations.add(conversation);
    }
    accounts.prove(slots.values());
    const states = new Map<WorkspaceId, ReturnType<Doors["stateOf"]>>();
    const remembered = (id: WorkspaceId): ReturnType<Doors["stateOf"]> => {
      const state = states.get(id) ?? doors.stateOf(id);
      states.set(id, state);
      return state;
    };
    const { start, wanted, wakeAt } = chooseNext({
      queued: waiting(),
      running,
      limits: limits(),
      held: accounts.held,
      inUse,
      now,
      // What is completed is taken out of those that wait for it.
      isCompleted: () => false,
      stateOf: remembered,
    });
    for (const { id, workspace, ...queued } of start) {
      const work = isNumberZero(workspace) ? place : enter;
      occupy({ id, workspace, ...queued }, (slot) => work(id, workspace, slot));
    }
    doors.open(wanted);
    // Also of what begins now.
    const next = Math.min(wakeAt ?? Infinity, accounts.prove(slots.values()) ?? Infinity);
    if (next < Infinity) wakeIn(next - now);
  }

  function* waiting(): Generator<Queued> {
    for (const entry of records.live.values()) {
      if ((entry.status !== "pending" && entry.status !== "limited") || slots.has(entry.id)) continue;
      // Whose usage it counts into is known where it has a workspace.
      if (entry.unbilled === true && !isNumberZero(entry.workspace)) agentWork.bill(entry.id);
      else yield entry;
    }
  }

  function occupy(
    { id, workspace, account, conversation }: Queued,
    work: (slot: Slot) => Promise<void>,
    since = clock.now(),
  ): void {
    const slot: Slot = {
      workspace,
      since,
      ...(account === undefined ? {} : { account }),
      ...(conversation === undefined ? {} : { conversation }),
      turn: new AbortController(),
      started: Promise.withResolvers(),
      work: Promise.resolve(),
    };
    slots.set(id, slot);
    slot.work = work(slot)
      .catch((error: unknown) => {
        log.error("a task could not be brought to its end", { task: id, error });
        // What fails so would fail again at once, for ever.
        doors.rest(workspace);
      })
      .finally(() => {
        slots.delete(id);
        if (!closing.signal.aborted) doors.left(id);
      })
      .catch((error: unknown) => log.error("a task's wait could not be written down", { task: id, error }))
      .finally(() => {
        slot.started.resolve();
        wake();
      });
  }

  /** Once it has a workspace its turn comes there. */
  async function place(id: TaskId, zero: WorkspaceId, slot: Slot): Promise<void> {
    const event = await leasing.place(id, AbortSignal.any([closing.signal, slot.turn.signal]));
    if (event === "rest") return doors.rest(zero);
    doors.reached(zero);
    if (event !== undefined) await settle(id, event);
  }

  /** The workspace is reached first: a task is only told to run where it can. */
  async function enter(id: TaskId, workspace: WorkspaceId, slot: Slot): Promise<void> {
    let runs: Runs;
    try {
      runs = await workspaces.runs(workspace, closing.signal);
      doors.reached(workspace);
      if (!isWaiting(id)) return;
      demand(records.need(id));
      const signal = AbortSignal.any([closing.signal, slot.turn.signal]);
      const instead = await agentWork.prepare(records.need(id), runs, signal);
      // It was cancelled meanwhile.
      if (instead === "later" || !isWaiting(id)) return;
      if (instead !== undefined) return await settle(id, instead);
      // It may have taken minutes.
      demand(records.need(id));
      records.change(id, { type: "begun" });
    } catch (error) {
      if (closing.signal.aborted || !isWaiting(id)) return;
      const refusal = toWsError(error);
      if (!isPassing(refusal)) return settle(id, { type: "refused", error: failureOf(refusal) });
      log.info("a task cannot begin in its workspace now", { task: id, workspace, error });
      return doors.rest(workspace);
    }
    await carry(id, slot, runs);
  }

  function isWaiting(id: TaskId): boolean {
    const status = records.find(id)?.status;
    return status === "pending" || status === "limited";
  }

  async function carry(id: TaskId, slot: Slot, runs?: Runs): Promise<void> {
    const record = records.need(id);
    const { workspace } = record;
    // What was seen before it began says nothing of it.
    delete slot.gone;
    const event = await carryTask(record, {
      workspaces,
      clock,
      closing: closing.signal,
      turn: () => (slot.turn = new AbortController()).signal,
      requestOf: agentWork.requestOf,
      judge: agentWork.judge,
      demand: () => demand(records.need(id)),
      isToEnd: () => records.need(id).cancelling === true,
      gone: () => slot.gone,
      onReached: (reached) => sweeper.look(workspace, reached),
      onStarted: slot.started.resolve,
      ...(runs === undefined ? {} : { runs }),
    });
    if (event !== undefined) await settle(id, event);
  }

  async function listen(changes: AsyncIterable<WorkspaceId>): Promise<void> {
    for await (const id of changes) {
      try {
        const place = workspaces.find(id);
        if (place === undefined) sweeper.forget(id);
        const isDown = place?.status !== "running";
        for (const slot of slots.values()) {
          if (slot.workspace !== id) continue;
          // Told from what goes on, because the place may run again before anybody asks what became of what ran there.
          if (place?.restarting === true) slot.gone = "restarted";
          else if (isDown) slot.gone ??= "stopped";
          if (isDown) slot.turn.abort();
        }
        doors.look(id);
        wake();
      } catch (error) {
        log.error("what happened to a workspace could not be told to its tasks", { workspace: id, error });
      }
    }
  }

  return {
    begin() {
      // Heard from now on, so that nothing that happens while the rest is loaded is missed.
      listening = listen(workspaces.changes(closing.signal));
      accounts.load();
      const loaded = records.load();
      ending = leasing.begin();
      for (const { id: known } of loaded) {
        const record = records.need(known);
        const { id, workspace, status, startedAt } = record;
        // Placed or cancelled just now, from what an earlier agent left.
        if (isFinal(status)) continue;
        const waits = isNumberZero(workspace);
        if (agentWork.isLeft(record) || (waits && record.waits !== undefined)) records.change(id, { type: "freed" });
        const place = workspaces.find(workspace);
        if (place !== undefined) doors.watch(place);
        else if (status !== "running" && !waits) doors.gone(workspace);
        const entry = records.live.get(id);
        if (status === "running" && entry !== undefined) occupy(entry, (slot) => carry(id, slot), startedAt);
      }
      begun = true;
      wake();
    },
    wake,
    nudge: (id) => slots.get(id)?.turn.abort(),
    started: async (id) => slots.get(id)?.started.promise,
    watch: doors.watch,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.all([...slots.values()].map(({ work }) => work));
      await Promise.all([listening, ending]);
    },
  };
}
