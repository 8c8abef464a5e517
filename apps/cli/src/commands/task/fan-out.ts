import { InvalidArgumentError } from "commander";
import type { TaskInput } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import type { Context } from "../../context.ts";
import { given } from "../../given.ts";
import { printable } from "../../output/printable.ts";
import { usage } from "./spec-of.ts";

export interface FanOut {
  count: number;
  /** A workspace, or in its place a reference. */
  of: { name: string } | { clone: string };
  spec: TaskInput["spec"];
  /** `claude`, or with a model `codex:gpt-5`; in turn. */
  agents: readonly string[];
  title?: string | undefined;
  profile?: "person" | "agent" | undefined;
  timeoutSeconds?: number | undefined;
  idempotencyKey?: string | undefined;
}

/** Starts a task several times, each in a workspace of its own. */
export async function fanOut(
  context: Context,
  client: AgentClient,
  { count, of, spec, agents, json, ...more }: FanOut & { json: boolean },
): Promise<void> {
  if (spec.kind === "action")
    throw usage("--action does not go with --fan-out.", "Say what is wanted as a prompt: --agent.");
  const made = await client.attempts.start({
    ...of,
    spec,
    count,
    ...(agents.length > 0 && { agents: agents.map(agentOf) }),
    ...given(more),
  });
  if (json) return context.printJson(made);
  for (const { name, task } of made.attempts) {
    context.print(
      [name, task?.id ?? "-", [task?.tool, task?.model].filter((word) => word !== undefined).join(" ")]
        .join("  ")
        .trimEnd(),
    );
  }
  context.hint(`Next: ws compare ${printable(made.id)}`);
}

export function parseFanOut(text: string): number {
  if (/^(?:[2-9]|10)$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Use a number from 2 to 10.");
}

function agentOf(text: string): { tool: string; model?: string } {
  const [, tool = text, model] = /^([^:]+):(.+)$/s.exec(text) ?? [];
  return model === undefined ? { tool } : { tool, model };
}
