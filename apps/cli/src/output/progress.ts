import type { WorkspaceEvent, WorkspaceInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import type { Context } from "../context.ts";
import { CliError } from "../errors.ts";
import { ifExists } from "../if-exists.ts";
import { interruptible } from "../interruptible.ts";
import { createPainter, type Painter, type Step } from "./painter.ts";

/**
 * Runs the work while the workspace's steps are shown on stderr: one live line per step on a terminal, plain lines in a
 * pipe. An interrupt stops the waiting; the agent goes on.
 */
export async function showProgress(
  context: Context,
  client: AgentClient,
  name: string,
  work: (signal: AbortSignal) => Promise<WorkspaceInfo>,
): Promise<WorkspaceInfo> {
  const done = new AbortController();
  const steps = async (): Promise<readonly Step[]> =>
    (await ifExists(client.workspaces.get({ name })))?.startup.steps ?? [];
  const painter = createPainter(context, await steps());
  const events = await client.workspaces.events({ name }, { signal: done.signal });
  const watching = paintSteps(events, painter);
  try {
    const told = {
      goesOn: `the worker goes on with '${name}'`,
      next: `Look: ws info ${name}. Undo: ws delete ${name}.`,
    };
    const workspace = await interruptible(context, told, work);
    // The answer may overtake the events of the last steps, as a failure may below.
    for (const step of workspace.startup.steps) painter.step(step);
    return workspace;
  } catch (error) {
    if (!(error instanceof CliError)) for (const step of await steps().catch(() => [])) painter.step(step);
    throw error;
  } finally {
    done.abort();
    await watching;
    painter.end();
  }
}

async function paintSteps(events: AsyncIterable<WorkspaceEvent>, painter: Painter): Promise<void> {
  try {
    for await (const event of events) {
      if (event.type === "changed") for (const step of event.workspace.startup.steps) painter.step(step);
      else if (event.type === "progress") painter.detail(event.message, event.percent);
    }
  } catch {
    // The work itself tells what went wrong; losing its pictures is no failure of its own.
  }
}
