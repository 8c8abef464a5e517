import { networkInterfaces } from "node:os";
import { showPairingCode } from "@ws/rpc-contract/pairing";

export interface PairingLink {
  /** The code stands in the fragment, which browsers send to nobody. */
  link: string;
  reach: "machine" | "network";
}

type Interfaces = ReturnType<typeof networkInterfaces>;

/** Where a browser pairs with this code. An agent that listens everywhere is named by an address that others can dial. */
export function pairingLink(
  dashboard: string,
  host: string,
  code: string,
  own: Interfaces = networkInterfaces(),
): PairingLink {
  const url = new URL(dashboard);
  if (host === "0.0.0.0" || host === "::") url.hostname = outward(own) ?? url.hostname;
  const isHere = url.hostname === "localhost" || url.hostname === "[::1]" || url.hostname.startsWith("127.");
  return { link: `${url.origin}/#pair=${showPairingCode(code)}`, reach: isHere ? "machine" : "network" };
}

/** Bridges of engines and virtual machines lead to nobody else. */
const INWARD = /^(?:docker|br-|veth|virbr|cni|podman|lxc|vmnet|bridge)/;

function outward(interfaces: Interfaces): string | undefined {
  return Object.entries(interfaces)
    .filter(([name]) => !INWARD.test(name))
    .flatMap(([, addresses = []]) => addresses)
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
}
