import type { TaskInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { useMemo } from "react";
import { useApp } from "./app-context.ts";
import { useLoaded } from "./load.ts";
import { useStore } from "./store.ts";

/** A task as it is now; `why` it cannot be told, where that is so. */
export function useTask(id: string): { task: TaskInfo | undefined; why: string | undefined } {
  const { session } = useApp();
  const { client } = session;
  const live = useStore(session.tasks).get(id);
  const question = useMemo(() => ({ client, id }), [client, id]);
  const asked = useLoaded(question, get);
  return {
    task: live ?? (asked.kind === "there" ? asked.value : undefined),
    why: asked.kind === "failed" ? asked.why : undefined,
  };
}

function get({ client, id }: { client: AgentClient; id: string }, signal: AbortSignal): Promise<TaskInfo> {
  return client.tasks.get({ task: id }, { signal });
}
