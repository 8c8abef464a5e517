import { type AgentTool, createLines, type TaskRecord, type Tasks } from "@ws/workspace-core";

/** What a coding tool has said last, to people, as far as it has come; empty for what is no coding tool's. */
export function createToolText(
  tasks: Pick<Tasks, "output">,
  { id, spec }: Pick<TaskRecord, "id" | "spec">,
  { tools, signal }: { tools: ReadonlyMap<string, AgentTool>; signal: AbortSignal },
): { now(): string } {
  const tool = spec.kind === "agent" ? tools.get(spec.tool) : undefined;
  if (tool === undefined) return { now: () => "" };
  let reader = tool.reader();
  let lines = createLines((line) => reader.line(line));
  let attempt = 0;

  async function follow(): Promise<void> {
    for await (const part of tasks.output(id, { follow: true, signal })) {
      if (part.attempt !== attempt) {
        attempt = part.attempt;
        reader = (tool as AgentTool).reader();
        lines = createLines((line) => reader.line(line));
      }
      lines.push(part.offset, part.bytes);
    }
  }

  // What becomes of the task is told without it.
  follow().catch(() => undefined);
  return { now: () => reader.said().text ?? "" };
}
