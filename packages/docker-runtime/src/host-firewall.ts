import { type Log, WsError } from "@ws/workspace-core";

import type { Firewall } from "./firewall.ts";
import {
  type Hook,
  type FirewallPolicy,
  type HostEntries,
  hostEntries,
  hostRules,
  listedInstances,
  quoted,
} from "./firewall-rules.ts";
import { shortInstance } from "./labels.ts";
import type { Machine, ProgramResult } from "./machine.ts";

/** In the comment of every worker's jumps. */
const FOREIGN = '--comment "ws instance ';

/** Rules in the machine's own tables, in chains of this instance; needs root and iptables. */
export function createHostFirewall(options: {
  machine: Machine;
  instance: string;
  policy: FirewallPolicy;
  log: Log;
}): Firewall {
  const { machine, instance, policy, log } = options;
  const own = hostEntries(shortInstance(instance));

  async function iptables(args: readonly string[], signal?: AbortSignal): Promise<ProgramResult> {
    return machine.run(["iptables", "--wait", "10", ...args], { ...(signal && { signal }) });
  }

  /** Where Docker lets others filter what it forwards; its own rules in FORWARD may come before ours. */
  async function forwardHook(signal?: AbortSignal): Promise<string> {
    const found = await iptables(["-n", "-L", "DOCKER-USER"], signal);
    return found.code === 0 ? "DOCKER-USER" : "FORWARD";
  }

  async function jumps(of: HostEntries, signal?: AbortSignal): Promise<{ hook: string; rule: string[] }[]> {
    // First in each, so that nothing accepts before it.
    return [
      { hook: "INPUT", rule: of.jump(of.input) },
      { hook: await forwardHook(signal), rule: of.jump(of.forward) },
    ];
  }

  /** Whether nothing decides before our rules do. One listing answers for both hooks: this is asked at every start. */
  async function inForce(): Promise<boolean> {
    const lines = (await iptables(["-S"])).stdout.split("\n");
    const forward = lines.some((line) => line.startsWith("-N DOCKER-USER")) ? "DOCKER-USER" : "FORWARD";
    const isFirst = (hook: string, rule: string[]): boolean => {
      const rules = lines.filter((line) => line.startsWith(`-A ${hook} `));
      // The rules of other workers match other bridges only.
      const first = rules.find((line) => !line.includes(FOREIGN) || line === `-A ${hook} ${quoted(rule)}`);
      return first === `-A ${hook} ${quoted(rule)}`;
    };
    return isFirst("INPUT", own.jump(own.input)) && isFirst(forward, own.jump(own.forward));
  }

  let asked: Promise<boolean> | undefined;
  let next: Promise<boolean> | undefined;
  /** One listing for all who ask while another runs: ten starts at once need no ten of them. None is older than its question. */
  function standsFirst(): Promise<boolean> {
    if (asked === undefined) {
      const mine = inForce().finally(() => {
        if (asked === mine) asked = undefined;
      });
      return (asked = mine);
    }
    next ??= asked
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return standsFirst();
      });
    return next;
  }

  /** Since this process began: the chains hold this policy. */
  let applied = false;
  let last: Promise<unknown> = Promise.resolve();
  /** One change at a time: each looks at what is there before it acts. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function apply(signal?: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const hooks = await Promise.all((await jumps(own, signal)).map((entry) => standing(entry, signal)));
      const restored = await machine.run(["iptables-restore", "--wait", "10", "--noflush"], {
        stdin: hostRules(instance, policy, hooks),
        ...(signal && { signal }),
      });
      if (restored.code === 0) break;
      // Somebody else may have changed the tables between the look and the step.
      if (attempt === 3) throw unavailable(restored);
    }
    await refuseIpv6(signal);
  }

  async function standing({ hook, rule }: { hook: string; rule: string[] }, signal?: AbortSignal): Promise<Hook> {
    const { stdout } = await iptables(["-S", hook], signal);
    return { name: hook, jump: rule, standing: jumpsIn(stdout, hook, rule.at(-1) ?? "") };
  }

  /** The bridge has no IPv6; should an engine give it some, nothing passes. */
  async function refuseIpv6(signal?: AbortSignal): Promise<void> {
    for (const hook of ["INPUT", "FORWARD"]) {
      const rule = [hook, ...own.jump("REJECT")];
      const run = (verb: string): Promise<ProgramResult> =>
        machine.run(["ip6tables", "--wait", "10", verb, ...rule], { ...(signal && { signal }) });
      if ((await run("-C")).code === 0) continue;
      const added = await run("-I");
      if (added.code !== 0) log.warn("IPv6 of workspaces is not filtered", { reason: added.stderr.trim() });
    }
  }

  async function remove(of: HostEntries, signal?: AbortSignal): Promise<void> {
    for (const { hook, rule } of await jumps(of, signal)) {
      const { stdout } = await iptables(["-S", hook], signal);
      for (const found of jumpsIn(stdout, hook, rule.at(-1) ?? "")) {
        await iptables(["-D", ...wordsOf(found).slice(1)], signal);
      }
    }
    for (const chain of [of.input, of.forward]) {
      await iptables(["-F", chain], signal);
      await iptables(["-X", chain], signal);
    }
    const ip6tables = (...args: string[]): Promise<ProgramResult> =>
      machine.run(["ip6tables", "--wait", "10", ...args], { ...(signal && { signal }) });
    for (const hook of ["INPUT", "FORWARD"]) {
      const { stdout } = await ip6tables("-S", hook);
      const ours = stdout.split("\n").filter((line) => line.includes(`"${of.comment}"`));
      for (const found of ours) await ip6tables("-D", ...wordsOf(found).slice(1));
    }
  }

  /** Workers that were deleted by hand leave rules for a bridge that is gone; they match nothing and only slow the machine. */
  async function sweep(signal?: AbortSignal): Promise<void> {
    const { stdout } = await iptables(["-S"], signal);
    for (const other of listedInstances(stdout).map(hostEntries)) {
      if (other.input !== own.input && !machine.hasInterface(other.bridge)) await remove(other, signal);
    }
  }

  return {
    place: "host",
    apply: (_network, signal) =>
      inTurn(async () => {
        // Whether it still stands is asked at each start.
        if (applied) return;
        await apply(signal);
        await sweep(signal);
        applied = true;
      }),
    async protect(_container, _network, signal) {
      // Another program may have reloaded the machine's rules since.
      if (await standsFirst()) return;
      await inTurn(() => apply(signal));
    },
    remove: (signal) =>
      inTurn(async () => {
        applied = false;
        await remove(own, signal);
      }),
  };
}

/** The rules of a hook that lead to a chain, as `iptables -S` lists them. */
function jumpsIn(listed: string, hook: string, chain: string): string[] {
  return listed.split("\n").filter((line) => line.startsWith(`-A ${hook} `) && line.endsWith(`-j ${chain}`));
}

function wordsOf(rule: string): string[] {
  return [...rule.matchAll(/"([^"]*)"|(\S+)/g)].map(([, inner, plain]) => inner ?? plain ?? "");
}

function unavailable({ stderr }: ProgramResult): WsError<"runtime_unavailable"> {
  return new WsError("runtime_unavailable", {
    message: `The firewall that keeps workspaces away from this machine could not be set: ${stderr.trim()}`,
    next: "Check that 'iptables -S' works as root, then try again.",
    data: { runtime: "docker" },
  });
}
