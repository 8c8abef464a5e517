import { createContext, use, useSyncExternalStore } from "react";
import type { Services } from "./client.ts";
import type { ConnectionState } from "@ws/rpc-contract/connection";
import type { SessionState } from "./session.ts";

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = use(ServicesContext);
  if (services === undefined) throw new Error("useServices needs a ServicesContext above it.");
  return services;
}

export function useSession(): SessionState {
  const { session } = useServices();
  return useSyncExternalStore(session.subscribe, session.state);
}

/** How the way to the agent stands; `connection.heardAt` says when it was last heard. */
export function useConnection(): ConnectionState {
  const { connection } = useServices();
  return useSyncExternalStore(connection.subscribe, connection.state);
}
