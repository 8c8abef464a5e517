import type { TaskInput } from "@ws/rpc-contract";

export interface Maker {
  tool: string;
  model: string;
}

/** More than that at once is refused. */
export const MOST_TRIES = 10;

/** What the form holds, as it was typed. */
export interface NewTask {
  workspace: string;
  kind: "command" | "agent";
  command: string;
  prompt: string;
  /** Empty for the worker's own choice. */
  tool: string;
  model: string;
  /** How often it is tried, each time in a workspace of its own; once is in the workspace itself. */
  tries: number;
  /** Who makes which of several tries; what is empty is the worker's own choice. */
  makers: readonly Maker[];
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
  tries: 1,
  makers: [],
  retries: "0",
  minutes: "",
  priority: "0",
};

/** What is wrong with it, by field. */
export function faultsOf(values: NewTask, several = false): Partial<Record<keyof NewTask, string>> {
  const { kind, command, prompt, retries, minutes, priority } = values;
  // Attempts have neither.
  const single = several
    ? {}
    : {
        ...(isWhole(retries, 0, 100) ? {} : { retries: "0 to 100." }),
        ...(isWhole(priority, -100, 100) ? {} : { priority: "-100 to 100." }),
      };
  return {
    ...(kind === "command" && command.trim() === "" ? { command: "Say what is to be run." } : {}),
    ...(kind === "agent" && prompt.trim() === "" ? { prompt: "Say what is to be done." } : {}),
    ...(minutes.trim() === "" || (Number(minutes) > 0 && Number(minutes) <= 10_080)
      ? {}
      : { minutes: "More than 0, 10,080 at most." }),
    ...single,
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

/** The same several times; of a form without faults. */
export function toAttemptsInput(values: NewTask) {
  const { workspace, kind, command, prompt, minutes, tries } = values;
  const spec =
    kind === "command"
      ? { kind: "command" as const, command: command.trim() }
      : { kind: "agent" as const, prompt: prompt.trim() };
  const agents = kind === "agent" ? makersOf(values).map(chosenOf) : [];
  return {
    name: workspace,
    spec,
    count: tries,
    title: titleOf(kind === "command" ? command : prompt),
    ...(agents.some((agent) => Object.keys(agent).length > 0) ? { agents } : {}),
    ...(minutes.trim() === "" ? {} : { timeoutSeconds: Number(minutes) * 60 }),
  };
}

/** One for each try. */
export function makersOf({ tries, makers }: Pick<NewTask, "tries" | "makers">): Maker[] {
  return Array.from({ length: tries }, (_, at) => makers[at] ?? { tool: "", model: "" });
}

function chosenOf({ tool, model }: Maker): { tool?: string; model?: string } {
  return { ...(tool === "" ? {} : { tool }), ...(model.trim() === "" ? {} : { model: model.trim() }) };
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
