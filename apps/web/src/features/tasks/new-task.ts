import type { TaskInput } from "@ws/rpc-contract";

/** What the form holds, as it was typed. */
export interface NewTask {
  workspace: string;
  kind: "command" | "agent";
  command: string;
  prompt: string;
  /** Empty for the worker's own choice. */
  tool: string;
  model: string;
  retries: string;
  minutes: string;
  priority: string;
}

export const emptyTask: NewTask = {
  workspace: "",
  kind: "command",
  command: "",
  prompt: "",
  tool: "",
  model: "",
  retries: "0",
  minutes: "",
  priority: "0",
};

/** What is wrong with it, by field. */
export function faultsOf(values: NewTask): Partial<Record<keyof NewTask, string>> {
  const { kind, command, prompt, retries, minutes, priority } = values;
  return {
    ...(kind === "command" && command.trim() === "" ? { command: "Say what is to be run." } : {}),
    ...(kind === "agent" && prompt.trim() === "" ? { prompt: "Say what is to be done." } : {}),
    ...(isWhole(retries, 0, 100) ? {} : { retries: "0 to 100." }),
    ...(minutes.trim() === "" || (Number(minutes) > 0 && Number(minutes) <= 10_080)
      ? {}
      : { minutes: "More than 0, 10,080 at most." }),
    ...(isWhole(priority, -100, 100) ? {} : { priority: "-100 to 100." }),
  };
}

/** Of a form without faults. */
export function toTaskInput(values: NewTask): TaskInput {
  const { workspace, kind, command, prompt, retries, minutes, priority } = values;
  return {
    name: workspace,
    spec: kind === "command" ? { kind, command: command.trim() } : toAgentSpec(values),
    title: titleOf(kind === "command" ? command : prompt),
    ...(Number(retries) === 0 ? {} : { retries: Number(retries) }),
    ...(minutes.trim() === "" ? {} : { timeoutSeconds: Number(minutes) * 60 }),
    ...(Number(priority) === 0 ? {} : { priority: Number(priority) }),
  };
}

function toAgentSpec({ prompt, tool, model }: NewTask): TaskInput["spec"] {
  return {
    kind: "agent",
    prompt: prompt.trim(),
    ...(tool === "" ? {} : { tool }),
    ...(model.trim() === "" ? {} : { model: model.trim() }),
  };
}

/** The first line of it that says something. */
function titleOf(text: string): string {
  const first = text.trim().split("\n")[0]?.trim() ?? "";
  return first.length > 120 ? `${first.slice(0, 119)}…` : first;
}

function isWhole(text: string, least: number, most: number): boolean {
  return /^-?\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;
}
