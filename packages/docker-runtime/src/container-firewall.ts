import { WsError } from "@ws/workspace-core";

import type { Engine } from "./engine.ts";
import type { Firewall } from "./firewall.ts";
import { containerRules, type FirewallPolicy } from "./firewall-rules.ts";
import { INSTANCE_LABEL, ROLE_LABEL } from "./labels.ts";
import { runThrowAway, sweepThrowAways } from "./throw-away.ts";

/**
 * Rules inside a container's own network, set at every start by a second container that shares it and ends at once.
 * For agents that may not touch the machine's tables: not root, another machine, Docker Desktop. The workspace
 * itself lacks the capability to change them.
 */
export function createContainerFirewall(options: {
  engine: Engine;
  instance: string;
  policy: FirewallPolicy;
  /** An image that has iptables. */
  image: () => Promise<string>;
  /** Addresses of the agent's machine, beside the bridge's gateway. */
  addresses: () => string[];
  /** Names under which containers reach the machine behind a virtual one, as on Docker Desktop. */
  names: () => Promise<readonly string[]>;
}): Firewall {
  const { engine, instance, policy } = options;

  const sweep = (signal?: AbortSignal): Promise<void> =>
    sweepThrowAways(engine, { instance, role: "firewall" }, signal);

  return {
    place: "container",
    apply: (_network, signal) => sweep(signal),
    async protect(container, network, signal) {
      const rules = containerRules([...new Set([network.gateway, ...options.addresses()])], policy);
      const spec = helperSpec({
        instance,
        container,
        image: await options.image(),
        argv: ["sh", "-c", SCRIPT, "sh", rules, ...(await options.names())],
      });
      const { code, output } = await runThrowAway(engine, spec, signal);
      if (code === 0) return;
      throw new WsError("runtime_unavailable", {
        message: `The firewall of a workspace could not be set: ${output || `exit code ${code}`}`,
        next: "Run the agent as root on the engine's machine, where the machine's own firewall is used.",
        data: { runtime: "docker" },
      });
    },
    remove: (signal) => sweep(signal),
  };
}

/** Root without any other right than to change the network that it shares with the workspace. */
export function helperSpec(options: { instance: string; container: string; image: string; argv: string[] }) {
  return {
    Image: options.image,
    User: "0:0",
    Entrypoint: options.argv,
    Cmd: [],
    WorkingDir: "/",
    Labels: { [INSTANCE_LABEL]: options.instance, [ROLE_LABEL]: "firewall" },
    HostConfig: {
      Privileged: false,
      NetworkMode: `container:${options.container}`,
      ReadonlyRootfs: true,
      Tmpfs: { "/run": "rw,noexec,nosuid,nodev,size=1048576" },
      CapDrop: ["ALL"],
      // iptables' older kernel interface opens a raw socket.
      CapAdd: ["NET_ADMIN", "NET_RAW"],
      SecurityOpt: ["no-new-privileges:true"],
      RestartPolicy: { Name: "no" },
      PidsLimit: 64,
    },
  };
}

const SCRIPT = `
set -eu
rules=$1
shift
printf %s "$rules" | iptables-restore
for name in "$@"; do
  for address in $(getent ahostsv4 "$name" | cut -d ' ' -f 1 | sort -u); do
    iptables -A OUTPUT -d "$address" -j REJECT
  done
done
`;
