import { BlockList, isIP } from "node:net";

const PRIVATE = new BlockList();
PRIVATE.addSubnet("10.0.0.0", 8);
PRIVATE.addSubnet("172.16.0.0", 12);
PRIVATE.addSubnet("192.168.0.0", 16);
PRIVATE.addSubnet("100.64.0.0", 10);
PRIVATE.addSubnet("fc00::", 7, "ipv6");

const OWN = new BlockList();
OWN.addSubnet("127.0.0.0", 8);
OWN.addAddress("0.0.0.0");
OWN.addAddress("::1", "ipv6");
OWN.addAddress("::", "ipv6");

/** Whether a rule names a private address and does not say so. */
export function isPrivateAddress(rule: string): boolean {
  return !rule.endsWith("/private") && isIn(PRIVATE, hostOf(rule));
}

/** Whether a rule names the loopback of the machine that would connect. */
export function isOwnAddress(rule: string): boolean {
  const host = hostOf(rule);
  return host === "localhost" || host.endsWith(".localhost") || isIn(OWN, host);
}

function isIn(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 4 ? "ipv4" : "ipv6");
}

function hostOf(rule: string): string {
  const [, inBrackets, name = ""] = /^(?:\[([^\]]*)\]|([^:/]*))/.exec(rule.trim().toLowerCase()) ?? [];
  return inBrackets ?? name;
}
