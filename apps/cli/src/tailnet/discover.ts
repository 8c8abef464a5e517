import type { LocalApi } from "@ws/agent/tailscaled";
import { CliError, EXIT } from "../errors.ts";
import { findWorker, type Worker } from "../known-workers.ts";
import { askHealth } from "./ask-health.ts";

/** A machine of the tailnet that is a worker. */
export interface Found {
  /** What the tailnet calls it. */
  name: string;
  url: string;
  /** Of its agent. */
  version: string;
  /** What this device calls it, where it knows it already. */
  known?: string;
}

const AT_ONCE = 16;

/** Asks each machine of this device's tailnet that is there now. Throws `tailnet_unavailable`. */
export async function discoverWorkers(
  api: LocalApi | undefined,
  { port, known }: { port: number; known: readonly Worker[] },
): Promise<Found[]> {
  const peers = await peersOf(api);
  const found: Found[] = [];
  const waiting = [...peers];
  const ask = async (): Promise<void> => {
    for (let peer = waiting.shift(); peer !== undefined; peer = waiting.shift()) {
      const version = await askHealth(`http://${peer.host}:${port}`);
      if (version === undefined) continue;
      const url = `http://${peer.name === "" ? peer.host : peer.name}:${port}`;
      const own = [...peer.names, peer.host].map((name) => findWorker(known, `${name}:${port}`)).find(Boolean);
      found.push({ name: peer.name || peer.host, url, version, ...(own === undefined ? {} : { known: own.name }) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface Peer {
  /** Its first label, and the whole name. */
  names: readonly string[];
  name: string;
  /** Its address as a URL has it. */
  host: string;
}

async function peersOf(api: LocalApi | undefined): Promise<Peer[]> {
  if (api === undefined) throw unavailable("No Tailscale daemon runs on this device.");
  const status = await api.status({ peers: true }).catch((cause: unknown) => {
    throw unavailable(`The Tailscale daemon of this device does not answer (${codeOf(cause)}).`, cause);
  });
  if (status.BackendState !== "Running") {
    throw unavailable(`This device is in no tailnet now: its Tailscale daemon says ${status.BackendState}.`);
  }
  return Object.values(status.Peer ?? {}).flatMap(({ DNSName, TailscaleIPs, Online }) => {
    const [address] = TailscaleIPs ?? [];
    if (address === undefined || Online === false) return [];
    const whole = DNSName.replace(/\.$/, "").toLowerCase();
    // A name is part of a URL, and comes from whoever named the machine.
    const name = /^[a-z0-9.-]+$/.test(whole) ? (whole.split(".")[0] ?? "") : "";
    const host = address.includes(":") ? `[${address}]` : address;
    return [{ names: name === "" ? [] : [name, whole], name, host }];
  });
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
}

function unavailable(message: string, cause?: unknown): CliError {
  return new CliError("tailnet_unavailable", message, {
    next: "Start it and log in (tailscale up); or name the worker: ws pair HOST.",
    exit: EXIT.unavailable,
    cause,
  });
}
