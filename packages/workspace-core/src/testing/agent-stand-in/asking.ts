import { isWsError } from "../../errors.ts";
import { isFinal, type TaskId, type TaskRecord, type TaskStatus } from "../../tasks/task.ts";
import type { Tasks } from "../../tasks/tasks.ts";
import type { createTaskWorld } from "../task-world.ts";

export const KEYS = { ANTHROPIC_API_KEY: "k1" };
export const BY = { createdBy: "ada" };
export const MINUTE = 60_000;

type World = ReturnType<typeof createTaskWorld>;

export const until = (tasks: Tasks, id: TaskId, status: TaskStatus): Promise<TaskRecord> =>
  tasks.until(id, (record) => record.status === status);
export const over = (tasks: Tasks, id: TaskId): Promise<TaskRecord> => tasks.until(id, ({ status }) => isFinal(status));
export const codeOf = (work: () => unknown): unknown => {
  try {
    work();
    return undefined;
  } catch (error) {
    return isWsError(error) ? error.code : error;
  }
};
export const statuses = (tasks: Tasks, ids: readonly TaskId[]): string[] => ids.map((id) => tasks.get(id).status);
export const told = (world: World): string[][] => [...world.conversations.values()].map((all) => [...all]);
