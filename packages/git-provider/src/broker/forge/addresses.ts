import type { LookupAddress } from "node:dns";
import { BlockList, isIPv4, isIPv6 } from "node:net";
import { METADATA_SERVICES } from "@ws/workspace-core";

/** All addresses of a name, as `dns.promises.lookup` with `all` gives them. */
export type Lookup = (host: string) => Promise<LookupAddress[]>;

/**
 * `public`: anybody on the internet. `private`: this machine, its networks, and what only maps to them. `never`: what
 * no forge is behind and an attacker asks for: link-local addresses and the metadata services of clouds.
 */
export type Reach = "public" | "private" | "never";

const NEVER = blockList([
  ["0.0.0.0", 8],
  ...METADATA_SERVICES.map(networkOf),
  // AWS's and Google's, over IPv6.
  ["fd00:ec2::254", 128],
  ["fd20:ce::254", 128],
  ["224.0.0.0", 3],
  ["::", 128],
  ["fe80::", 10],
  ["ff00::", 8],
]);

/** IANA's special-purpose IPv4 blocks. */
const PRIVATE_V4 = blockList([
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
]);

// Of IPv6 only 2000::/3 is given out, so that is allowed less its special blocks, instead of a list of the rest.
const GLOBAL_V6 = blockList([["2000::", 3]]);
const SPECIAL_V6 = blockList([
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
]);

export function reachOf(address: string): Reach {
  if (isIPv4(address)) {
    if (NEVER.check(address, "ipv4")) return "never";
    return PRIVATE_V4.check(address, "ipv4") ? "private" : "public";
  }
  if (!isIPv6(address)) return "never";
  const mapped = mappedV4(address);
  if (mapped !== undefined) return reachOf(mapped) === "never" ? "never" : "private";
  if (NEVER.check(address, "ipv6")) return "never";
  return GLOBAL_V6.check(address, "ipv6") && !SPECIAL_V6.check(address, "ipv6") ? "public" : "private";
}

/** Thrown for a host that a workspace may not be led to. */
export class AddressRefused extends Error {
  override readonly name = "AddressRefused";
}

/**
 * The addresses to connect to, and to no other: what is checked here must be what is dialled, because a second look-up
 * may answer differently. Throws `AddressRefused`, or the look-up's own error.
 */
export async function checkedAddresses(
  host: string,
  options: { lookup: Lookup; allowPrivate: boolean },
): Promise<LookupAddress[]> {
  const addresses = await literalOrLookup(host, options.lookup);
  for (const { address } of addresses) {
    const reach = reachOf(address);
    if (reach === "never") throw new AddressRefused(`${host} is at ${address}, which is never a forge's`);
    if (reach === "private" && !options.allowPrivate) {
      throw new AddressRefused(`${host} is at the private address ${address}`);
    }
  }
  return addresses;
}

async function literalOrLookup(host: string, lookup: Lookup): Promise<LookupAddress[]> {
  if (isIPv4(host)) return [{ address: host, family: 4 }];
  if (isIPv6(host)) return [{ address: host, family: 6 }];
  return lookup(host);
}

/** The IPv4 address inside an IPv4-mapped, IPv4-compatible or NAT64 one. */
function mappedV4(address: string): string | undefined {
  const canonical = new URL(`http://[${address.replace(/%.*$/, "")}]`).hostname.slice(1, -1);
  const tail = /^(?:::ffff:|64:ff9b::|::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (tail?.[1] === undefined || tail[2] === undefined) return undefined;
  const [high, low] = [Number.parseInt(tail[1], 16), Number.parseInt(tail[2], 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

function networkOf(cidr: string): [string, number] {
  const [network = "", prefix] = cidr.split("/");
  return [network, Number(prefix)];
}

function blockList(subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, isIPv4(network) ? "ipv4" : "ipv6");
  return list;
}
