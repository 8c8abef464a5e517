import type { WorkspaceInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";

/** What can be done to several workspaces at once. */
export type Bulk = "start" | "stop" | "delete";

/** Of which workspaces it can be asked now. */
export const fitsFor: Readonly<Record<Bulk, (workspace: WorkspaceInfo) => boolean>> = {
  start: ({ status, operation }) => operation === undefined && (status === "stopped" || status === "error"),
  stop: ({ status, operation }) => operation === undefined && status === "running",
  delete: ({ operation }) => operation !== "delete",
};

/** `left` is what was not begun, because the rest was called off. */
export type BulkAnswer = { state: "waiting" | "doing" | "done" | "left" } | { state: "refused"; error: unknown };

/** A browser has six connections to an agent, and the page's streams have two of them. */
const AT_ONCE = 3;

/**
 * Does it to each, a few at a time, and tells of each what became of it. One that refuses keeps none of the others from it. Nothing is
 * forced: a workspace that holds work which lies nowhere else refuses to be deleted. The signal calls off what is not begun yet; what
 * is, goes on. Resolves once all have answered.
 */
export async function doToAll(
  client: AgentClient,
  bulk: Bulk,
  workspaces: readonly Pick<WorkspaceInfo, "id" | "name">[],
  tell: (id: string, answer: BulkAnswer) => void,
  signal: AbortSignal,
): Promise<void> {
  const waiting = [...workspaces];
  const callOff = () => {
    for (const { id } of waiting.splice(0)) tell(id, { state: "left" });
  };
  if (signal.aborted) callOff();
  signal.addEventListener("abort", callOff, { once: true });
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { id, name } = next;
      tell(id, { state: "doing" });
      try {
        await client.workspaces[bulk]({ name, id });
        tell(id, { state: "done" });
      } catch (error) {
        tell(id, { state: "refused", error });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  signal.removeEventListener("abort", callOff);
}
