import { shortInstance } from "./labels.ts";

export interface FirewallPolicy {
  /** Whether workspaces may reach private addresses other than this machine's. */
  allowLan: boolean;
}

/** Where clouds hand credentials to whoever asks from the machine, and the rest of the link-local range. */
export const METADATA = ["169.254.0.0/16", "100.100.100.200/32", "192.0.0.192/32"];
/** Private networks, and the shared range that overlay networks such as Tailscale use. */
export const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

export function inputChain(instance: string): string {
  return `WS-IN-${shortInstance(instance)}`;
}

export function forwardChain(instance: string): string {
  return `WS-FW-${shortInstance(instance)}`;
}

/** The condition and target that lead a bridge's traffic into a chain; the comment says whose it is. */
export function jump(instance: string, bridge: string, chain: string): string[] {
  return ["-i", bridge, "-m", "comment", "--comment", `ws instance ${shortInstance(instance)}`, "-j", chain];
}

/**
 * The instance's own two chains as input of `iptables-restore --noflush`, which replaces them in one step.
 * Traffic from a container to the machine itself passes INPUT; DOCKER-USER sees only what is forwarded.
 */
export function hostRules(instance: string, policy: FirewallPolicy): string {
  const [input, forward] = [inputChain(instance), forwardChain(instance)];
  return [
    "*filter",
    `:${input} - [0:0]`,
    `:${forward} - [0:0]`,
    ...resolver(input, "RETURN"),
    // What the machine itself began, such as a developer's look at a container's port.
    `-A ${input} -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN`,
    ...refuse(input),
    ...resolver(forward, "RETURN"),
    ...refused(policy).flatMap((network) => refuse(forward, network)),
    "COMMIT",
    "",
  ].join("\n");
}

/** The same policy seen from inside a container's network: all of its filter table. */
export function containerRules(machine: readonly string[], policy: FirewallPolicy): string {
  return [
    "*filter",
    ":INPUT ACCEPT [0:0]",
    ":FORWARD ACCEPT [0:0]",
    ":OUTPUT ACCEPT [0:0]",
    "-A OUTPUT -o lo -j ACCEPT",
    ...resolver("OUTPUT", "ACCEPT"),
    "-A OUTPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
    ...[...machine, ...refused(policy)].flatMap((network) => refuse("OUTPUT", network)),
    "COMMIT",
    "",
  ].join("\n");
}

function refused({ allowLan }: FirewallPolicy): string[] {
  return allowLan ? METADATA : [...METADATA, ...PRIVATE];
}

/** First of all rules: the resolver may be the machine itself, in the LAN, or (on some clouds) a metadata address. */
function resolver(chain: string, verdict: "RETURN" | "ACCEPT"): string[] {
  return ["udp", "tcp"].map((protocol) => `-A ${chain} -p ${protocol} --dport 53 -j ${verdict}`);
}

/** Refused and not dropped, so that a program fails at once instead of waiting. */
function refuse(chain: string, destination?: string): string[] {
  const to = destination === undefined ? "" : ` -d ${destination}`;
  return [`-A ${chain}${to} -p tcp -j REJECT --reject-with tcp-reset`, `-A ${chain}${to} -j REJECT`];
}
