import type { TaskInfo } from "@ws/rpc-contract";

/** Whether a task does not go on before somebody does something. */
export function needsSomebody({ status }: TaskInfo): boolean {
  return status === "waiting_input" || status === "auth_failed";
}

/** What a task waits to be told, or to be given, as a sentence; undefined where it goes on by itself. */
export function neededBy({ status, question, error }: TaskInfo): string | undefined {
  if (status === "waiting_input") return question?.text ?? "It asks something, and did not say what.";
  if (status === "auth_failed") return error?.message ?? "It could not log in.";
  return undefined;
}
