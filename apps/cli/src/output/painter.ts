import type { WorkspaceInfo } from "@ws/rpc-contract";
import type { Context } from "../context.ts";
import { cut } from "./cut.ts";
import { printable } from "./printable.ts";

export type Step = WorkspaceInfo["startup"]["steps"][number];

export interface Painter {
  step: (step: Step) => void;
  detail: (message: string, percent?: number) => void;
  end: () => void;
}

/**
 * One live line for the step that goes on, on a terminal; a line for each that is over. Without the steps as they were `before`, only
 * those are told that were seen to begin: a short one may be over before anybody hears of it.
 */
export function createPainter(
  { io, hint, isLive }: Pick<Context, "io" | "hint" | "isLive">,
  before?: readonly Step[],
): Painter {
  const live = isLive();
  const width = io.stderr.columns ?? 80;
  const shown = new Set((before ?? []).map(keyOf));
  let current: Step | undefined;

  const clear = (): void => void io.stderr.write("\r\u001b[K");
  const draw = (detail = ""): void => {
    if (!live || current === undefined) return;
    clear();
    io.stderr.write(cut(`… ${current.label} ${detail}`, width - 1));
  };

  return {
    step(step) {
      const key = keyOf(step);
      // What was over before this command began is not part of its story.
      if (shown.has(key) || step.status === "pending" || step.status === "skipped") return;
      shown.add(key);
      if (step.status === "running") {
        current = step;
        if (live) draw();
        return;
      }
      if (before === undefined && !shown.has(keyOf({ ...step, status: "running" }))) return;
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

function keyOf({ id, status, startedAt = "" }: Step): string {
  return `${id} ${status} ${startedAt}`;
}

function elapsed({ startedAt, endedAt }: Step): string {
  if (startedAt === undefined || endedAt === undefined) return "";
  const ms = Date.parse(endedAt) - Date.parse(startedAt);
  return ms < 1_000 ? ` (${ms} ms)` : ` (${(ms / 1000).toFixed(1)} s)`;
}
