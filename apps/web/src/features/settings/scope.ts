import { useQuery } from "@tanstack/react-query";
import type { CallerInfo } from "@ws/rpc-contract";
import { useServices } from "../../services.ts";

/** What a token may do with the worker itself: each may what the ones before it may. */
export type Scope = "read" | "write" | "admin";

const ORDER = ["workspace", "read", "write", "admin"] as const;

/** Whether `has`, a token's scope, is enough for what needs `needed`. */
export function suffices(has: CallerInfo["scope"], needed: Scope): boolean {
  return ORDER.indexOf(has) >= ORDER.indexOf(needed);
}

/** The question who this browser is to the worker. */
export function useAskedCaller() {
  const { queries } = useServices();
  return useQuery(queries.auth.whoami.queryOptions({ staleTime: 60_000 }));
}

/** Who this browser is to the worker; undefined until that is known. */
export function useCaller(): CallerInfo | undefined {
  return useAskedCaller().data;
}

/** Whether this browser may do what needs `needed`. Until that is known it may: the worker has the last word anyway. */
export function useMay(needed: Scope): boolean {
  const caller = useCaller();
  return caller === undefined || suffices(caller.scope, needed);
}
