import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/fetch";
import type { ContractRouterClient } from "@orpc/contract";
import type { Contract } from "./contract.ts";

/** The typed client of an agent. */
export type AgentClient = ContractRouterClient<Contract>;

export interface AgentClientOptions {
  /** The agent's address, without a path: `http://127.0.0.1:7391`. */
  url: string;
  /** Asked before every call, so that a renewed token is used at once. */
  token?: () => string | undefined;
  fetch?: (request: Request, init: { redirect?: Request["redirect"] }) => Promise<Response>;
}

/** Calls go to `<url>/rpc`; a refusal rejects with an oRPC error whose `data` is `WireErrorData`. */
export function createAgentClient(options: AgentClientOptions): AgentClient {
  const { fetch } = options;
  const link = new RPCLink({
    url: `${options.url.replace(/\/$/, "")}/rpc`,
    headers: () => {
      const token = options.token?.();
      return token === undefined ? {} : { authorization: `Bearer ${token}` };
    },
    ...(fetch === undefined ? {} : { fetch }),
  });
  return createORPCClient(link);
}
