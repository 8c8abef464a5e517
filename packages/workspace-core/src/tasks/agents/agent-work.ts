import type { Clock, Log } from "../../ports.ts";
import type { RunRequest, Runs, RunState } from "../../runs/runs.ts";
import type { TaskEvent } from "../advance.ts";
import { failureOf } from "../passing.ts";
import { runIdOf } from "../run-id.ts";
import { runOfTask } from "../run-of-task.ts";
import type { TaskFailure, TaskId, TaskRecord } from "../task.ts";
import type { TaskRecords } from "../task-records.ts";
import type { TaskWorkspaces } from "../task-workspaces.ts";
import type { Accounts } from "./accounts.ts";
import { accountOf, prepareAgent } from "./prepare.ts";
import { type TaskAgents, toolUnknown } from "./task-agents.ts";
import type { AgentTool } from "./tool.ts";
import { verdictOf } from "./verdict.ts";
import { watchAgent } from "./watch-agent.ts";

/** What tasks of coding tools need beyond what every task does. */
export interface AgentWork {
  /** Finds out whose usage a task counts into; until that is known it is not its turn. */
  bill(id: TaskId): void;
  /** Before an attempt: resolves to what becomes of the task instead, or to `later` where it is not its turn any more. */
  prepare(record: TaskRecord, runs: Runs, signal: AbortSignal): Promise<TaskEvent | "later" | undefined>;
  /** Whether a task that waits for its tool waits for what an earlier agent did, and nobody goes on with. */
  isLeft(record: TaskRecord): boolean;
  requestOf(record: TaskRecord): Promise<RunRequest>;
  /** Takes in what the run of an attempt says until its end, and what that means. */
  judge(record: TaskRecord, runs: Runs, state: RunState | undefined, signal: AbortSignal): Promise<TaskEvent>;
}

const REST_MS = 1_000;
const PROVIDING = "tool_installing";

export function createAgentWork(ports: {
  records: TaskRecords;
  accounts: Accounts;
  workspaces: TaskWorkspaces;
  agents: TaskAgents;
  clock: Clock;
  log: Log;
  wake: () => void;
  closing: AbortSignal;
}): AgentWork {
  const { records, accounts, workspaces, agents, clock, log, wake, closing } = ports;
  const billing = new Set<TaskId>();

  async function bill(id: TaskId): Promise<void> {
    const record = records.find(id);
    if (record?.spec.kind !== "agent") return;
    let account = `${record.spec.tool}:${record.workspace}`;
    try {
      account = (await accountOf(record, { agents, workspaces })) ?? account;
    } catch (error) {
      log.warn("the account of a task is not known", { task: id, error });
    }
    const status = records.find(id)?.status;
    if (status === "pending" || status === "limited") records.change(id, { type: "billed", account });
  }

  function changeWaiting(id: TaskId, event: Extract<TaskEvent, { type: "held" | "freed" }>): void {
    const status = records.find(id)?.status;
    if (status === "pending" || status === "limited") records.change(id, event);
  }

  return {
    bill(id) {
      if (billing.has(id)) return;
      billing.add(id);
      void bill(id)
        .catch((error: unknown) => {
          log.error("a task's account could not be written down", { task: id, error });
          // What fails so would fail again at once, for ever.
          return clock.sleep(REST_MS, closing).catch(() => undefined);
        })
        .finally(() => {
          billing.delete(id);
          wake();
        });
    },
    async prepare(record, runs, signal) {
      const { spec, id } = record;
      if (spec.kind !== "agent") return undefined;
      // Its key may be another one by now.
      const account = await accountOf(record, { agents, workspaces });
      if (account !== undefined && account !== record.account) {
        records.change(id, { type: "billed", account });
        return "later";
      }
      let reported = false;
      const report = (waits: TaskFailure): void => {
        reported = true;
        changeWaiting(id, { type: "held", waits: { ...waits, code: PROVIDING } });
      };
      try {
        return await prepareAgent({ ...record, spec }, { agents, workspaces, runs, signal, report });
      } finally {
        // What it waits for else must not look as if somebody were at it.
        if (reported && !closing.aborted) changeWaiting(id, { type: "freed" });
      }
    },
    isLeft: ({ waits }) => waits?.code === PROVIDING,
    async requestOf(record) {
      const { spec, workspace } = record;
      if (spec.kind !== "agent") return runOfTask(record);
      const tool = agents.find(spec.tool);
      if (tool === undefined) throw toolUnknown(spec.tool);
      const [variables, servers] = await Promise.all([workspaces.variables(workspace), agents.servers?.() ?? []]);
      return runOfTask(record, { tool, variables, servers });
    },
    async judge(record, runs, state, signal) {
      const { spec, id } = record;
      if (spec.kind !== "agent") {
        return { type: "ended", end: state?.ended ?? (await runs.ended(runIdOf(record), signal)) };
      }
      const tool = agents.find(spec.tool);
      // Its description is gone from the settings: nobody can read what it says, and its exit code says too little.
      if (tool === undefined) {
        return {
          type: "ended",
          end: await runs.ended(runIdOf(record), signal),
          done: failureOf(toolUnknown(spec.tool)),
        };
      }
      const tell = (session: string): void => {
        try {
          const { session: known, followUp } = records.need(id);
          // Also where it goes on with one that is known: it has read now what it was told, which is not sent again.
          if (known !== session || followUp !== undefined) records.change(id, { type: "told", session });
        } catch (error) {
          // It is told again at the end of the run, and by every later agent.
          log.warn("a task's conversation could not be written down yet", { task: id, error });
        }
      };
      const watched = await watchAgent({ record, runs, tool, clock, log, tell, signal });
      const { TZ: zone } = await workspaces.variables(record.workspace);
      const verdict = verdictOf(watched, {
        tool,
        task: id,
        cancelling: records.need(id).cancelling === true,
        now: clock.now(),
        ...(spec.model === undefined ? {} : { model: spec.model }),
        ...(zone === undefined ? {} : { zone }),
      });
      const { session, text, usage } = watched.said;
      const told = {
        ...(session === undefined ? {} : { session }),
        ...(text === undefined ? {} : { result: text }),
        ...(usage === undefined ? {} : { usage }),
      };
      if (Object.keys(told).length > 0) records.change(id, { type: "told", ...told });
      const { account = `${tool.name}:${record.workspace}` } = records.need(id);
      if (verdict.type === "asked" || (verdict.type === "ended" && verdict.done === true)) accounts.release(account);
      if (verdict.type !== "limited") return verdict;
      const met = accounts.meet(account, verdict.until);
      // The others wait for it from now on, which their records do not say.
      for (const entry of records.live.values()) {
        if (entry.account === account && entry.status === "pending") records.feed.emit(records.need(entry.id));
      }
      if (met.endless) return { type: "locked_out", error: limitedForGood(tool, record, met.times) };
      return { type: "limited", until: met.until };
    },
  };
}

/** Nobody waits for ever for what may never come: from here on it needs somebody. */
function limitedForGood({ name, keys }: AgentTool, { id, spec }: TaskRecord, times: number): TaskFailure {
  const [key] = keys(spec.kind === "agent" ? spec.model : undefined);
  const other = key === undefined ? "" : `, or give it another key: ws credential set ${key}`;
  return {
    code: "account_limited",
    message: `The account of ${name} met its usage limit ${times} times in a row, whenever it was tried.`,
    next: `See that it can be used again${other}. Then let the task go on: ws task resume ${id}.`,
  };
}
