import { randomInt } from "node:crypto";
import {
  type Clock,
  createTasks,
  type Leases,
  type Log,
  taskedWorkspaces,
  taskLeases,
  throwIfAborted,
  type TaskId,
  type Tasks,
  type Workspaces,
} from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import { leaseMaterial } from "../leases/lease-material.ts";
import type { Providers } from "../providers/providers.ts";
import type { ToolServers } from "../tool-servers/tool-servers.ts";
import type { State } from "../store/store.ts";
import { createBudget } from "../token-usage/budget.ts";
import { demandOf } from "./demand.ts";
import { workerAgents } from "./worker-agents.ts";

/** The worker's tasks, once the records of its workspaces are true. */
export function keepTasks(options: {
  state: Pick<State, "tasks" | "tokens" | "leases" | "meta" | "usage">;
  workspaces: () => Promise<Workspaces>;
  leases: () => Promise<Leases>;
  providers: Pick<Providers, "registry" | "projects">;
  toolServers: Pick<ToolServers, "given">;
  config: Pick<Config, "get">;
  clock: Clock;
  log: Log;
  /** The agent's own end. */
  signal: AbortSignal;
}): { tasks: () => Promise<Tasks> } & AsyncDisposable {
  const { state, config, clock, log, signal } = options;
  let kept: Promise<Tasks> | undefined;
  let begun: Tasks | undefined;

  async function begin(): Promise<Tasks> {
    const workspaces = await options.workspaces();
    // The agent may have ended meanwhile, and nobody would end what begins now.
    throwIfAborted(signal);
    const budget = createBudget({ usage: state.usage, config, clock, told: () => begun?.look() });
    const tasks = createTasks({
      store: state.tasks,
      workspaces: taskedWorkspaces(workspaces),
      clock,
      log,
      newId,
      limits: () => ({
        perWorkspace: config.get("tasks.perWorkspace"),
        global: config.get("tasks.global"),
        hold: budget.hold(),
      }),
      agents: {
        ...workerAgents({ instance: state.meta.instance, config, workspaces, clock }),
        servers: options.toolServers.given,
      },
      leases: taskLeases({
        store: state.leases,
        leases: options.leases,
        material: (lease) => leaseMaterial(options.providers, lease),
        isThere: (id) => workspaces.find(id) !== undefined,
      }),
      demand: demandOf(workspaces, state.tokens),
    });
    begun = tasks;
    tasks.reconcile();
    return tasks;
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
