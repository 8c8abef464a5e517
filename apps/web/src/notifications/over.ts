import type { TaskInfo } from "@ws/rpc-contract";
import type { Kept } from "../../service-worker/news.ts";

/** Whether what a notification asks is asked no more. Of a task that is not known nobody can say so. */
export function isOverBy(tasks: ReadonlyMap<string, TaskInfo>, { asks }: Partial<Kept>, base: string): boolean {
  if (asks === undefined || asks.base !== base) return false;
  const task = tasks.get(asks.task);
  return task !== undefined && (task.status !== "waiting_input" || task.attempt !== asks.attempt);
}

/** Closes what this browser shows of questions that were answered meanwhile. */
export async function closeOver(tasks: ReadonlyMap<string, TaskInfo>, base: string): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration();
  for (const notification of (await registration?.getNotifications()) ?? []) {
    if (isOverBy(tasks, (notification.data ?? {}) as Partial<Kept>, base)) notification.close();
  }
}
