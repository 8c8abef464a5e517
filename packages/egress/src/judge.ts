import type { LookupAddress } from "node:dns";
import type { IncomingMessage } from "node:http";
import {
  EGRESS_REFUSED,
  type EgressOptions,
  type EgressTarget,
  excerpt,
  isWsError,
  ruleThatAllows,
} from "@ws/workspace-core";
import { RequestError } from "proxy-chain";

/**
 * Where a host is, or why nobody in a workspace is connected to what is there, `asPrivate` where a rule for private addresses would
 * lead there; `workspace` is who asks. Throws the look-up's own error, and `timeout` where that takes too long.
 */
export type FindAddresses = (
  host: string,
  options: { allowPrivate: boolean; workspace: string },
) => Promise<{ addresses: readonly LookupAddress[] } | { refused: string; asPrivate?: true }>;

export interface JudgeOptions extends Pick<EgressOptions, "decide" | "refused"> {
  addresses: FindAddresses;
  /** The box of it. */
  workspace: string;
}

/** The addresses that a request may be connected to. Throws what is answered to one that may not. */
export async function judge(
  { decide, refused, addresses, workspace }: JudgeOptions,
  asked: EgressTarget,
  request: IncomingMessage,
): Promise<readonly LookupAddress[]> {
  const { port } = asked;
  const refuse = (host: string, why: string, rule?: string): RequestError => {
    refused({ host, port }, why, rule);
    const next =
      rule === undefined ? "No rule changes that." : `Whoever owns it can change that: ws egress NAME allow ${rule}`;
    return new RequestError(`${EGRESS_REFUSED} ${host}:${port}. ${why}\n${next}\n`, 403);
  };
  const verdict = decide(asked);
  if (!verdict.allowed) {
    if (verdict.host === undefined) throw refuse(excerpt(asked.host), verdict.why);
    throw refuse(verdict.host, verdict.why, ruleThatAllows({ host: verdict.host, port }));
  }
  const { host } = verdict;
  // Behind one address there can be many hosts, of which this one is not the one that was allowed.
  if (!isFor(request, asked)) throw refuse(host, "Its Host header names another.");
  const found = await addresses(host, { allowPrivate: verdict.private, workspace }).catch((error: unknown) => {
    if (isWsError(error, "timeout")) throw new RequestError(`${error.message} ${error.next}\n`, 504);
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new RequestError(`${host} cannot be found: ${code}.\n`, 502);
  });
  if ("refused" in found) {
    const rule = found.asPrivate === true ? ruleThatAllows({ host, port, isPrivate: true }) : undefined;
    throw refuse(host, found.refused, rule);
  }
  return found.addresses;
}

/**
 * Whether a plain request is for the host that it is sent to, as everybody would read it: said once, and nothing beside it. Through
 * a tunnel nobody can see.
 */
function isFor({ method, headersDistinct }: IncomingMessage, { host, port }: EgressTarget): boolean {
  if (method === "CONNECT") return true;
  const [said = "", ...more] = headersDistinct.host ?? [];
  const named = /[\s@/?#\\]/.test(said) ? null : URL.parse(`http://${said}`);
  if (named === null || more.length > 0) return false;
  return named.hostname === host && Number(named.port === "" ? 80 : named.port) === port;
}
