import type { lookup, LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";

/** A look-up that gives these addresses and no others: what was judged is what is dialled, because a second question may be answered differently. */
export function pinnedLookup(addresses: readonly LookupAddress[]): typeof lookup {
  const find: LookupFunction = (host, { all }, callback) => {
    const [first] = addresses;
    if (first === undefined) {
      const error = Object.assign(new Error(`${host} has no address`), { code: "ENOTFOUND" });
      callback(error, "", 0);
    } else if (all === true) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
  // Node's own type also has what nobody calls here.
  return find as typeof lookup;
}
