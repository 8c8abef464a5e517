import type { WorkspaceEvent } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import type { Context } from "../context.ts";
import { CliError } from "../errors.ts";
import { interruptible } from "../interruptible.ts";
import { createPainter, type Painter, type Step } from "./painter.ts";

const LABELS: Readonly<Record<string, string>> = {
  commit: "Look for uncommitted work",
  push: "Push",
  pull_request: "Bring the pull request",
  cleanup: "Clean up",
};

/** Runs a finalize while its steps, and those of a start before it, are shown on stderr. An interrupt stops the waiting; the agent goes on. */
export async function showFinalizing<T>(
  context: Context,
  client: Pick<AgentClient, "workspaces">,
  name: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const painter = createPainter(context);
  const steps = createSteps(painter);
  const events = await client.workspaces.events({ name }, { signal: done.signal });
  const watching = paint(events, painter, steps);
  let outcome: "done" | "error" | undefined = "done";
  let failure: unknown;
  try {
    const told = { goesOn: `the worker goes on with '${name}'`, next: `Look: ws info ${name}, or repeat this.` };
    return await interruptible(context, told, work);
  } catch (error) {
    outcome = error instanceof CliError ? undefined : "error";
    failure = error;
    throw error;
  } finally {
    done.abort();
    await watching;
    // The failure overtakes the events of the last steps.
    if (outcome === "error") steps.at(await failedStep(client, name, failure));
    if (outcome !== undefined) steps.end(outcome);
    painter.end();
  }
}

/** Where this failed, as its workspace tells it; undefined where that tells of something else. */
async function failedStep(
  { workspaces }: Pick<AgentClient, "workspaces">,
  name: string,
  error: unknown,
): Promise<string | undefined> {
  const workspace = await workspaces.get({ name }).catch(() => undefined);
  const failure = workspace?.failure;
  return error instanceof Error && failure?.message === error.message ? failure.step : undefined;
}

async function paint(events: AsyncIterable<WorkspaceEvent>, painter: Painter, steps: Steps): Promise<void> {
  try {
    for await (const event of events) {
      if (event.type === "progress") painter.detail(event.message, event.percent);
      if (event.type !== "changed") continue;
      const { startup, operation, operationStep } = event.workspace;
      for (const step of startup.steps) painter.step(step);
      if (operation === "finalize") steps.at(operationStep);
    }
  } catch {
    // The work itself tells what went wrong; losing its pictures is no failure of its own.
  }
}

interface Steps {
  at(id: string | undefined): void;
  end(outcome: "done" | "error"): void;
}

/** The record says only where a finalize is: a step is over when the next one begins. */
function createSteps(painter: Pick<Painter, "step">): Steps {
  let current: Step | undefined;
  const end: Steps["end"] = (status) => {
    if (current !== undefined) painter.step({ ...current, status });
    current = undefined;
  };
  return {
    end,
    at(id) {
      if (id === undefined || current?.id === id) return;
      end("done");
      current = { id, label: LABELS[id] ?? id, status: "running" };
      painter.step(current);
    },
  };
}
