import type { Network } from "./network.ts";

/** Keeps workspaces away from the worker itself and from cloud metadata. Every method is safe to repeat. */
export interface Firewall {
  /** `host`: rules of the machine, in force before any container. `container`: rules inside each container's network. */
  readonly place: "host" | "container";
  apply(network: Network, signal?: AbortSignal): Promise<void>;
  /** Called when a container was started, before anything but its idle first process runs in it. */
  protect(container: string, network: Network, signal?: AbortSignal): Promise<void>;
  /** Takes every rule of this instance away. */
  remove(signal?: AbortSignal): Promise<void>;
}
