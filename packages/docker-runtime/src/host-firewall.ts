import { type Log, WsError } from "@ws/workspace-core";

import type { Firewall } from "./firewall.ts";
import { forwardChain, type FirewallPolicy, hostRules, inputChain, jump } from "./firewall-rules.ts";
import type { Machine, ProgramResult } from "./machine.ts";
import type { Network } from "./network.ts";

/** Rules in the machine's own tables, in chains of this instance; needs root and iptables. */
export function createHostFirewall(options: {
  machine: Machine;
  instance: string;
  policy: FirewallPolicy;
  log: Log;
}): Firewall {
  const { machine, instance, policy, log } = options;
  const chains = [inputChain(instance), forwardChain(instance)] as const;

  async function iptables(args: readonly string[], signal?: AbortSignal): Promise<ProgramResult> {
    return machine.run(["iptables", "--wait", "10", ...args], { ...(signal && { signal }) });
  }

  /** Where Docker lets others filter what it forwards; its own rules in FORWARD may come before ours. */
  async function forwardHook(signal?: AbortSignal): Promise<string> {
    const found = await iptables(["-n", "-L", "DOCKER-USER"], signal);
    return found.code === 0 ? "DOCKER-USER" : "FORWARD";
  }

  async function jumps(bridge: string, signal?: AbortSignal): Promise<{ hook: string; rule: string[] }[]> {
    return [
      { hook: "INPUT", rule: jump(instance, bridge, chains[0]) },
      { hook: await forwardHook(signal), rule: jump(instance, bridge, chains[1]) },
    ];
  }

  async function inForce(bridge: string, signal?: AbortSignal): Promise<boolean> {
    const checks = (await jumps(bridge, signal)).map(({ hook, rule }) => iptables(["-C", hook, ...rule], signal));
    return (await Promise.all(checks)).every((check) => check.code === 0);
  }

  let last: Promise<unknown> = Promise.resolve();
  /** One change at a time: each looks at what is there before it acts. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function apply({ bridge }: Pick<Network, "bridge">, signal?: AbortSignal): Promise<void> {
    const restored = await machine.run(["iptables-restore", "--wait", "10", "--noflush"], {
      stdin: hostRules(instance, policy),
      ...(signal && { signal }),
    });
    requireSuccess(restored);
    for (const { hook, rule } of await jumps(bridge, signal)) {
      // Inserted before the old one goes, so that there is no moment without it; first, so that nothing accepts before it.
      requireSuccess(await iptables(["-I", hook, "1", ...rule], signal));
      while ((await duplicates({ hook, rule }, signal)) > 1)
        requireSuccess(await iptables(["-D", hook, ...rule], signal));
    }
    await refuseIpv6(bridge, signal);
  }

  async function duplicates(
    { hook, rule }: { hook: string; rule: readonly string[] },
    signal?: AbortSignal,
  ): Promise<number> {
    const { stdout } = await iptables(["-S", hook], signal);
    return stdout.split("\n").filter((line) => line.endsWith(`-j ${rule.at(-1)}`)).length;
  }

  /** The bridge has no IPv6; should an engine give it some, nothing passes. */
  async function refuseIpv6(bridge: string, signal?: AbortSignal): Promise<void> {
    for (const hook of ["INPUT", "FORWARD"]) {
      const rule = [hook, ...jump(instance, bridge, "REJECT")];
      const run = (verb: string): Promise<ProgramResult> =>
        machine.run(["ip6tables", "--wait", "10", verb, ...rule], { ...(signal && { signal }) });
      if ((await run("-C")).code === 0) continue;
      const added = await run("-I");
      if (added.code !== 0) log.warn("IPv6 of workspaces is not filtered", { reason: added.stderr.trim() });
    }
  }

  async function remove(bridge: string, signal?: AbortSignal): Promise<void> {
    for (const { hook, rule } of await jumps(bridge, signal)) {
      while ((await iptables(["-D", hook, ...rule], signal)).code === 0);
    }
    for (const chain of chains) {
      await iptables(["-F", chain], signal);
      await iptables(["-X", chain], signal);
    }
    for (const hook of ["INPUT", "FORWARD"]) {
      const rule = jump(instance, bridge, "REJECT");
      const delete6 = ["ip6tables", "--wait", "10", "-D", hook, ...rule] as const;
      while ((await machine.run(delete6, { ...(signal && { signal }) })).code === 0);
    }
  }

  return {
    place: "host",
    apply: (network, signal) => inTurn(() => apply(network, signal)),
    async protect(_container, network, signal) {
      // Another program may have reloaded the machine's rules since.
      if (await inForce(network.bridge, signal)) return;
      await inTurn(() => apply(network, signal));
    },
    remove: ({ bridge }, signal) => inTurn(() => remove(bridge, signal)),
  };
}

function requireSuccess(result: ProgramResult): void {
  if (result.code === 0) return;
  throw new WsError("runtime_unavailable", {
    message: `The firewall that keeps workspaces away from this machine could not be set: ${result.stderr.trim()}`,
    next: "Check that 'iptables -S' works as root, then try again.",
    data: { runtime: "docker" },
  });
}
