import type { WorkspaceEvent, WorkspaceInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import type { Context } from "../context.ts";
import { interruptible } from "../interruptible.ts";
import { printable } from "./printable.ts";

type Step = WorkspaceInfo["startup"]["steps"][number];

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
  const painter = createPainter(context);
  const events = await client.workspaces.events({ name }, { signal: done.signal });
  const watching = paintSteps(events, painter);
  try {
    const told = {
      goesOn: `the worker goes on with '${name}'`,
      next: `Look: ws info ${name}. Undo: ws delete ${name}.`,
    };
    const workspace = await interruptible(context, told, work);
    // The answer may overtake the events of the last steps.
    for (const step of workspace.startup.steps) painter.step(step);
    return workspace;
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

interface Painter {
  step: (step: Step) => void;
  detail: (message: string, percent?: number) => void;
  end: () => void;
}

function createPainter({ io, hint }: Context): Painter {
  const live = io.stderr.isTTY === true && io.env["NO_COLOR"] === undefined && io.env["TERM"] !== "dumb";
  const width = io.stderr.columns ?? 80;
  const shown = new Set<string>();
  let current: Step | undefined;

  const clear = (): void => void io.stderr.write("\r\u001b[K");
  const draw = (detail = ""): void => {
    if (!live || current === undefined) return;
    clear();
    io.stderr.write(`… ${current.label} ${detail}`.slice(0, width - 1));
  };

  return {
    step(step) {
      const key = `${step.id} ${step.status} ${step.startedAt ?? ""}`;
      // What was over before this command began is not part of its story.
      if (shown.has(key) || step.status === "pending" || step.status === "skipped") return;
      shown.add(key);
      if (step.status === "running") {
        current = step;
        if (live) draw();
        return;
      }
      if (!shown.has(`${step.id} running ${step.startedAt ?? ""}`)) return;
      current = undefined;
      if (live) clear();
      hint(`${step.status === "done" ? "✓" : "✗"} ${step.label}${elapsed(step)}`);
    },
    detail: (message, percent) =>
      draw(`— ${printable(message).replaceAll("\n", " ")}${percent === undefined ? "" : ` ${percent} %`}`),
    end() {
      if (live && current !== undefined) clear();
    },
  };
}

function elapsed({ startedAt, endedAt }: Step): string {
  if (startedAt === undefined || endedAt === undefined) return "";
  const ms = Date.parse(endedAt) - Date.parse(startedAt);
  return ms < 1_000 ? ` (${ms} ms)` : ` (${(ms / 1000).toFixed(1)} s)`;
}
