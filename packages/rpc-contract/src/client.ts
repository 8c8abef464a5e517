import { createORPCClient, getEventMeta } from "@orpc/client";
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
  fetch?: (request: Request, init: FetchInit) => Promise<Response>;
}

interface FetchInit {
  redirect?: Request["redirect"];
  /** The call's own. */
  signal?: AbortSignal;
}

/** Calls go to `<url>/rpc`; a refusal rejects with an oRPC error whose `data` is `WireErrorData`. */
export function createAgentClient(options: AgentClientOptions): AgentClient {
  const { fetch = globalThis.fetch } = options;
  const link = new RPCLink({
    url: `${options.url.replace(/\/$/, "")}/rpc`,
    headers: () => {
      const token = options.token?.();
      return token === undefined ? {} : { authorization: `Bearer ${token}` };
    },
    // Node's fetch is deaf to the signal of a request that nobody holds any more, and so to that which it was made with.
    fetch: (request, init, { signal }) => fetch(request, signal === undefined ? init : { ...init, signal }),
  });
  return createORPCClient(link);
}

/** What a client that lost its connection gives as `lastEventId` to go on after this event, where its stream can go on. */
export function eventIdOf(event: object): string | undefined {
  return getEventMeta(event)?.id;
}
