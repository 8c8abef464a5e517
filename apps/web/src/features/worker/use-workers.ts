import { useQuery } from "@tanstack/react-query";
import type { WorkerInfo } from "@ws/rpc-contract";
import { useServices } from "../../services.ts";

/**
 * The workers behind the agent whose page this is. Asked again when somebody comes back to the page,
 * and every few seconds only where they are looked at: to ask for ever would keep a sign-in alive that nobody uses.
 */
export function useWorkers(isLookedAt: boolean): Workers {
  const { hub } = useServices();
  const asked = useQuery({ ...hub.workers.list.queryOptions(), refetchInterval: isLookedAt ? EVERY_MS : false });
  return { workers: asked.data, at: asked.dataUpdatedAt };
}

interface Workers {
  /** Undefined until they are known. */
  workers: readonly WorkerInfo[] | undefined;
  /** When they stood so. */
  at: number;
}

const EVERY_MS = 4_000;
