import { BlockList, isIP } from "node:net";

const PRIVATE = new BlockList();
PRIVATE.addSubnet("10.0.0.0", 8);
PRIVATE.addSubnet("172.16.0.0", 12);
PRIVATE.addSubnet("192.168.0.0", 16);
PRIVATE.addSubnet("100.64.0.0", 10);
PRIVATE.addSubnet("fc00::", 7, "ipv6");

/** Whether a rule names a private address and does not say so. */
export function isPrivateAddress(rule: string): boolean {
  const host = hostOf(rule);
  const family = isIP(host);
  return !rule.endsWith("/private") && family !== 0 && PRIVATE.check(host, family === 4 ? "ipv4" : "ipv6");
}

function hostOf(rule: string): string {
  const [, inBrackets, name = ""] = /^(?:\[([^\]]*)\]|([^:/]*))/.exec(rule.trim().toLowerCase()) ?? [];
  return inBrackets ?? name;
}
