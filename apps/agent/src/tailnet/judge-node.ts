import type { Whois } from "./local-api.ts";

/** This machine in the tailnet. */
export interface Self {
  /** The stable id of its node. */
  id: string;
  addresses: readonly string[];
  /** `desk.tail1234.ts.net`; empty where names are switched off. */
  name: string;
  /** Whose node it is; undefined where it is tagged, and so nobody's. */
  owner: string | undefined;
}

/** A node that is let in. */
export interface KnownNode {
  /** `tailnet-` and its stable id, so that it is no token's. */
  id: string;
  /** What it is called: the first label of its name. */
  name: string;
  login: string;
}

/** Why a node is not let in without a token. */
export type Stranger = "the worker itself" | "a tagged node" | "a node with other machines behind it" | "another user";

/**
 * Who is at an address of the tailnet, and whether that is enough to be let in. The daemon knows more nodes than those of one person:
 * - what runs on the worker, its workspaces too, comes as the worker's own node;
 * - a tagged node is nobody's;
 * - behind one that leads to further addresses there are strangers who look like it.
 */
export function judgeNode(
  { Node, UserProfile: { LoginName: login } }: Whois,
  peer: string,
  { self, users }: { self: Self; users: readonly string[] },
): { node: KnownNode } | { node: KnownNode; stranger: Stranger } {
  const node = { id: `tailnet-${Node.StableID}`, name: Node.Name.split(".")[0] ?? "", login };
  const stranger = (why: Stranger): { node: KnownNode; stranger: Stranger } => ({ node, stranger: why });
  const own = new Set((Node.Addresses ?? []).map(toAddress));
  if (Node.StableID === self.id || self.addresses.includes(peer)) return stranger("the worker itself");
  if ((Node.Tags ?? []).length > 0) return stranger("a tagged node");
  const reached = (Node.AllowedIPs ?? Node.Addresses ?? []).map(toAddress);
  if (!own.has(peer) || reached.some((address) => !own.has(address))) {
    return stranger("a node with other machines behind it");
  }
  const known = users.length > 0 ? users : self.owner === undefined ? [] : [self.owner];
  return known.some((user) => user.toLowerCase() === login.toLowerCase()) ? { node } : stranger("another user");
}

/** `100.64.0.1` of `100.64.0.1/32`; a wider prefix stays what it is, and so is no address. */
function toAddress(prefix: string): string {
  return prefix.replace(/^([\d.]+)\/32$|^([\da-f:]+)\/128$/i, "$1$2").toLowerCase();
}
