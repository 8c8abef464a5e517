import { connect } from "node:net";
import type { LocalApi } from "@ws/agent/tailscaled";
import { createAgentClient } from "@ws/rpc-contract/client";
import type { Answering } from "../pairing/reach-worker.ts";
import { agentFetch } from "../sockets/agent-fetch.ts";

/** The two ends of a connection, as addresses. */
export interface Dialled {
  local: string;
  remote: string;
}

const WITHIN_MS = 3_000;

/**
 * The worker that knows who this is without a token, as one of a tailnet may; undefined where it does not, or where anybody could say so
 * in its place. Without TLS it is known by its address from then on: whoever answers for names could lead to another one the next time.
 * Never rejects.
 */
export async function letIn(
  answering: Answering,
  tailnet: LocalApi | undefined,
  dial: (url: URL) => Promise<Dialled> = dialTo,
): Promise<Answering | undefined> {
  try {
    const vouchedFor = await withVoucher(answering, tailnet, dial);
    if (vouchedFor === undefined) return undefined;
    const { target } = vouchedFor;
    await createAgentClient({ url: target.url, fetch: await agentFetch(target) }).auth.whoami();
    return vouchedFor;
  } catch {
    return undefined;
  }
}

async function withVoucher(
  answering: Answering,
  tailnet: LocalApi | undefined,
  dial: (url: URL) => Promise<Dialled>,
): Promise<Answering | undefined> {
  const { target, pin } = answering;
  // A public authority's word.
  if (pin === undefined) return answering;
  // A certificate that nobody knows yet.
  if (pin !== "") return undefined;
  const url = new URL(target.url);
  const ends = await dial(url);
  if (!isLoopback(ends.remote) && !(await isOfTailnet(ends, tailnet))) return undefined;
  url.hostname = ends.remote.includes(":") ? `[${ends.remote}]` : ends.remote;
  return { ...answering, target: { ...target, url: url.origin } };
}

/**
 * Whether a connection goes through this device's tailnet: the daemon knows a machine of that very address, and the connection begins at
 * one of this device's own there, so that it left by the daemon's interface. Rejects where the daemon does not tell.
 */
export async function isOfTailnet({ local, remote }: Dialled, tailnet: LocalApi | undefined): Promise<boolean> {
  if (tailnet === undefined) return false;
  const [{ BackendState, Self }, known] = await Promise.all([tailnet.status({ peers: false }), tailnet.whois(remote)]);
  const prefix = `${remote}/${remote.includes(":") ? 128 : 32}`;
  return (
    BackendState === "Running" &&
    (Self?.TailscaleIPs ?? []).includes(local) &&
    (known?.Node.Addresses ?? []).includes(prefix)
  );
}

function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

function dialTo(url: URL): Promise<Dialled> {
  return new Promise((resolve, reject) => {
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const socket = connect({ host, port: Number(url.port || 80) });
    socket.setTimeout(WITHIN_MS, () => socket.destroy(new Error("no answer")));
    socket.on("error", reject);
    socket.once("connect", () => {
      resolve({ local: socket.localAddress ?? "", remote: socket.remoteAddress ?? "" });
      socket.destroy();
    });
  });
}
