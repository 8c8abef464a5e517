import { z } from "zod";

/** Nothing that a worker says of itself reaches a terminal as it came. */
const text = z.string().transform((said) => said.replace(/\p{C}/gu, "\uFFFD").slice(0, 100));
const count = z.number().int().nonnegative();

/** What a worker tells of itself, one line of JSON every fifteen seconds. */
const workerStatus = z.object({
  hostname: text,
  version: text,
  runtime: z.enum(["docker", "local"]).optional(),
  isolation: z.enum(["container", "sandbox", "none"]).optional(),
  grant: z.enum(["read", "write", "admin"]),
  workspaces: count,
  running: count,
  tasks: count,
  // Not said by older ones.
  tasksRunning: count.optional(),
  tasksWaiting: count.optional(),
});
export type WorkerStatus = z.infer<typeof workerStatus>;

export function parseStatus(value: unknown): WorkerStatus | undefined {
  const result = workerStatus.safeParse(value);
  return result.success ? result.data : undefined;
}

const LONGEST_LINE = 16 * 1024;

/** The statuses in a stream of lines; what is none is left out, and a line without an end ends it. */
export async function* readStatuses(stream: AsyncIterable<Uint8Array>): AsyncGenerator<WorkerStatus> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of stream) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const status = parseStatus(parseJson(line));
      if (status !== undefined) yield status;
    }
    if (rest.length > LONGEST_LINE) return;
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
