import { METADATA_SERVICES } from "@ws/workspace-core";

import { shortInstance } from "./labels.ts";

export interface FirewallPolicy {
  /** Whether workspaces may reach private addresses other than this machine's. */
  allowLan: boolean;
}

/** Private networks, and the shared range that overlay networks such as Tailscale use. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** What is in the machine's tables of one instance, by its short form: names in them are short. */
export interface HostEntries {
  input: string;
  forward: string;
  bridge: string;
  /** In the comment of each of its jumps. */
  comment: string;
  /** The condition and target that lead the traffic of all its bridges somewhere; the comment says whose it is. */
  jump(target: string): string[];
}

export function hostEntries(short: string): HostEntries {
  const bridge = `ws-${short}`;
  return {
    input: `WS-IN-${short}`,
    forward: `WS-FW-${short}`,
    bridge,
    comment: `ws instance ${short}`,
    // With the bridges of those that have one to themselves, whose names begin alike.
    jump: (target) => ["-i", `${bridge}+`, "-m", "comment", "--comment", `ws instance ${short}`, "-j", target],
  };
}

/** The short forms of all instances that have chains, from what `iptables -S` lists. */
export function listedInstances(rules: string): string[] {
  return [...rules.matchAll(/^-N WS-IN-([0-9a-f]{10})$/gm)].map((match) => match[1] as string);
}

/** Where a chain is entered from, and the jumps that stand there already, as they are listed: an earlier version's may be others. */
export interface Hook {
  name: string;
  jump: readonly string[];
  standing: readonly string[];
}

/**
 * The instance's own two chains, and the jumps to them at the head of their hooks, as input of `iptables-restore
 * --noflush`, which does it all in one step or not at all. Traffic from a container to the machine itself passes INPUT; DOCKER-USER sees only what is forwarded.
 */
export function hostRules(instance: string, policy: FirewallPolicy, hooks: readonly Hook[] = []): string {
  const { input, forward } = hostEntries(shortInstance(instance));
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
    ...hooks.flatMap(({ name, jump, standing }) => [
      ...standing.map((rule) => rule.replace(/^-A /, "-D ")),
      `-I ${name} 1 ${quoted(jump)}`,
    ]),
    "COMMIT",
    "",
  ].join("\n");
}

/** Words as `iptables -S` writes them and `iptables-restore` reads them. */
export function quoted(words: readonly string[]): string {
  return words.map((word) => (word.includes(" ") ? `"${word}"` : word)).join(" ");
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

function refused({ allowLan }: FirewallPolicy): readonly string[] {
  return allowLan ? METADATA_SERVICES : [...METADATA_SERVICES, ...PRIVATE];
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
