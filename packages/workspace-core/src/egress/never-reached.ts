import { METADATA_SERVICES } from "../metadata-services.ts";
import { parseHost } from "./host.ts";

const OWN = ["127.0.0.0/8", "0.0.0.0/8"];
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** Whether a host is by its name alone the worker itself or a cloud's metadata service, to which no rule leads. */
export function isNeverReached(host: string): boolean {
  if (host === "localhost" || host.endsWith(".localhost")) return true;
  return isIn([...OWN, ...METADATA_SERVICES], host);
}

/** Whether a host is written as a private address, to which only a rule leads that says so. */
export function isPrivateAddress(host: string): boolean {
  return isIn(PRIVATE, host);
}

function isIn(networks: readonly string[], host: string): boolean {
  // Rules have IPv4 addresses only, and names end otherwise.
  if (host.includes(":") || parseHost(host)?.kind !== "address") return false;
  const address = numberOf(host);
  return networks.some((network) => {
    const [first = "", bits = "32"] = network.split("/");
    const size = 2 ** (32 - Number(bits));
    return Math.floor(address / size) === Math.floor(numberOf(first) / size);
  });
}

function numberOf(address: string): number {
  return address.split(".").reduce((number, octet) => number * 256 + Number(octet), 0);
}
