import { randomInt } from "node:crypto";
import {
  type Clock,
  createTasks,
  isFinal,
  type Log,
  taskedWorkspaces,
  throwIfAborted,
  type TaskId,
  type TaskRecord,
  type Tasks,
  type Workspaces,
} from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import type { Redactor } from "../log/redact.ts";
import type { ToolServers } from "../tool-servers/tool-servers.ts";
import type { State } from "../store/store.ts";
import { promptOf } from "./prompt.ts";
import { workerAgents } from "./worker-agents.ts";

/** The worker's tasks, once the records of its workspaces are true. Each that is over is written down, with whose it was and how it ended. */
export function keepTasks(options: {
  state: Pick<State, "tasks" | "audit" | "meta">;
  workspaces: () => Promise<Workspaces>;
  toolServers: Pick<ToolServers, "given">;
  config: Pick<Config, "get">;
  redactor: Pick<Redactor, "clean">;
  clock: Clock;
  log: Log;
  /** The agent's own end. */
  signal: AbortSignal;
}): { tasks: () => Promise<Tasks> } & AsyncDisposable {
  const { state, config, redactor, clock, log, signal } = options;
  let kept: Promise<Tasks> | undefined;
  let begun: Tasks | undefined;

  async function begin(): Promise<Tasks> {
    const workspaces = await options.workspaces();
    // The agent may have ended meanwhile, and nobody would end what begins now.
    throwIfAborted(signal);
    const tasks = createTasks({
      store: state.tasks,
      workspaces: taskedWorkspaces(workspaces),
      clock,
      log,
      newId,
      limits: () => ({ perWorkspace: config.get("tasks.perWorkspace"), global: config.get("tasks.global") }),
      agents: {
        ...workerAgents({ instance: state.meta.instance, config, workspaces, clock }),
        servers: options.toolServers.given,
      },
    });
    begun = tasks;
    void writeDown(tasks.changes(signal), workspaces);
    tasks.reconcile();
    return tasks;
  }

  async function writeDown(changes: AsyncIterable<TaskRecord>, workspaces: Workspaces): Promise<void> {
    for await (const record of changes) {
      if (!isFinal(record.status) || record.attempt === 0) continue;
      try {
        const target = workspaces.find(record.workspace)?.name ?? record.workspace;
        const command = redactor.clean(promptOf(record.spec), record.workspace);
        state.audit.append(asAudited(record, { target, command }));
      } catch (error) {
        log.error("a task could not be written into the audit", { task: record.id, error });
      }
    }
  }

  return {
    tasks: () =>
      (kept ??= begin().catch((error: unknown) => {
        kept = undefined;
        throw error;
      })),
    async [Symbol.asyncDispose]() {
      await begun?.[Symbol.asyncDispose]();
    },
  };
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

function newId(): TaskId {
  return `task-${Array.from({ length: 12 }, () => LETTERS[randomInt(LETTERS.length)]).join("")}`;
}

function asAudited(
  record: TaskRecord,
  { target, command }: { target: string; command: string },
): Parameters<State["audit"]["append"]>[0] {
  const { id, status, attempt, startedAt, completedAt, exit, error, createdBy } = record;
  const seconds = startedAt === undefined || completedAt === undefined ? undefined : (completedAt - startedAt) / 1_000;
  return {
    who: createdBy,
    action: "tasks.end",
    target,
    outcome: status === "completed" ? "ok" : (error?.code ?? status),
    details: {
      task: id,
      command,
      attempt: String(attempt),
      ...(exit === undefined ? {} : { exitCode: String(exit.code) }),
      ...(seconds === undefined ? {} : { seconds: String(seconds) }),
    },
  };
}
