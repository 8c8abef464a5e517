import { BlockList, isIP } from "node:net";
import type { FindAddresses } from "@ws/egress";
import type { Reach } from "@ws/git-provider";
import { fairLookups, type FairLookupsOptions } from "./fair-lookups.ts";

export interface FindAddressesOptions extends FairLookupsOptions {
  reachOf: (address: string) => Reach;
  /** The worker's own addresses at this moment. */
  own: () => readonly string[];
}

/**
 * Where a host is, for whoever is in a workspace: never at the worker itself nor where clouds keep their machines' secrets, whatever a
 * rule says, and at a private address only where one says so.
 */
export function createFindAddresses({ lookup, clock, reachOf, own }: FindAddressesOptions): FindAddresses {
  const find = fairLookups({ lookup, clock });
  return async (host, { allowPrivate, workspace }) => {
    const literal = isIP(host);
    const addresses = literal === 0 ? await find(host, workspace) : [{ address: host, family: literal }];
    const worker = listOf(own());
    for (const { address } of addresses) {
      if (worker.check(address, family(address))) return { refused: `It is at ${address}, the worker itself.` };
      const reach = reachOf(address);
      if (reach === "never")
        return { refused: `It is at ${address}, where a cloud keeps what only the worker may know.` };
      if (reach === "private" && !allowPrivate) {
        return {
          refused: `It is at ${address}, a private address, to which only a rule leads that ends in /private.`,
          asPrivate: true,
        };
      }
    }
    return { addresses };
  };
}

function listOf(own: readonly string[]): BlockList {
  const list = new BlockList();
  list.addSubnet("127.0.0.0", 8, "ipv4");
  // What only stands for an IPv4 address could stand for any of these.
  list.addSubnet("::", 96, "ipv6");
  list.addSubnet("64:ff9b::", 96, "ipv6");
  for (const address of own) {
    const [plain = ""] = address.split("%");
    list.addAddress(plain, family(plain));
  }
  return list;
}

function family(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}
