import type { IncomingHttpHeaders } from "node:http";
import type { Caller } from "../access/caller.ts";

/** The most that a hub may do here. */
export type Grant = "read" | "write" | "admin";

export const SCOPE_HEADER = "x-ws-scope";
/** In place of a scope: this one is who has a link, which the worker itself judges. */
const LINK = "link";
export const WHO_HEADER = "x-ws-who";

const GRANTS: readonly Grant[] = ["read", "write", "admin"];

/**
 * Who a request of the hub is from, as this worker sees it: what the hub says can only make it less than the grant.
 * Undefined where the hub does not say it, and `link` where it is somebody who has to say who that is.
 */
export function callerFromHub(
  headers: IncomingHttpHeaders,
  { hub, grant }: { hub: string; grant: Grant },
): Caller | { link: string } | undefined {
  if (headers[SCOPE_HEADER] === LINK) return { link: `hub/${hub}: ${whoOf(headers[WHO_HEADER])}` };
  const said = GRANTS.indexOf(headers[SCOPE_HEADER] as Grant);
  if (said === -1) return undefined;
  const scope = GRANTS[Math.min(said, GRANTS.indexOf(grant))] ?? "read";
  const who = `hub/${hub}: ${whoOf(headers[WHO_HEADER])}`;
  return { who, scope, countedFor: who };
}

/** What the hub says to the worker of its caller. */
export function headersFor(caller: Caller): Record<string, string> {
  const scope = isWatcher(caller) ? LINK : caller.scope;
  return { [SCOPE_HEADER]: scope, [WHO_HEADER]: encodeURIComponent(caller.who.slice(0, 150).toWellFormed()) };
}

/** Whether it is limited to something of this agent: a worker knows nothing of that, and would let it do all that its scope says. */
export function isForHereOnly({ scope, handler, policy = [] }: Caller): boolean {
  return scope === "workspace" || scope === "metrics" || handler !== undefined || policy.length > 0;
}

/** Whether it may only be led to the terminals of one workspace of a worker. */
export function isWatcher({ handler }: Pick<Caller, "handler">): boolean {
  return handler?.kind === "terminal" && handler.settings.worker !== undefined;
}

function whoOf(header: string | string[] | undefined): string {
  try {
    // It is shown on terminals, in the audit.
    return decodeURIComponent(String(header ?? "unknown"))
      .replace(/\p{C}/gu, "\uFFFD")
      .slice(0, 150);
  } catch {
    return "unknown";
  }
}
