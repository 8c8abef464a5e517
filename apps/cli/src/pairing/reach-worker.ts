import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { pinOfCertificate } from "@ws/agent/pin";
import { CliError, EXIT } from "../errors.ts";
import { given } from "../given.ts";
import { findWorker, type Worker } from "../known-workers.ts";
import { agentFetch } from "../sockets/agent-fetch.ts";
import type { Target } from "../target.ts";
import { hasScheme, workerUrl } from "../worker-url.ts";

/** A worker that answers, before anybody has said who asks. */
export interface Answering {
  target: Extract<Target, { kind: "http" }>;
  /** The pin to pair with: of the certificate it shows, empty without TLS, undefined where a public authority vouches for it. */
  pin: string | undefined;
  /** What it is called where nobody says otherwise: its host. */
  worker: string;
}

const WITHIN_MS = 3_000;

/**
 * Looks whether a worker answers there, by TLS where it can and the words do not say otherwise. Throws `invalid_worker`,
 * `agent_unreachable`, `pin_mismatch`.
 */
export async function reachWorker(
  asked: string,
  known: readonly Worker[],
  dialling?: (host: string) => void,
): Promise<Answering> {
  const before = findWorker(known, asked);
  const { clientCert, clientKey } = before ?? {};
  const own = given({ clientCert, clientKey });
  const url = new URL(before?.url ?? workerUrl(asked));
  dialling?.(url.host);
  const seen = hasScheme(asked) && url.protocol === "http:" ? undefined : await lookAtTls(url);
  if (seen === undefined && url.protocol === "https:") throw unanswered(url, "it speaks no TLS");
  const target: Answering["target"] = {
    kind: "http",
    url: seen === undefined ? url.origin : `https://${url.host}`,
    ...(seen === undefined || seen.isVouchedFor ? {} : { pin: seen.pin }),
    ...own,
  };
  await requireWorker(target);
  const pin = seen?.isVouchedFor === true ? undefined : (seen?.pin ?? "");
  return { target, pin, worker: url.hostname };
}

/** What is shown there by TLS; undefined where something answers, and not so. */
async function lookAtTls(url: URL): Promise<{ pin: string; isVouchedFor: boolean } | undefined> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  const tcp = connectTcp({ host, port });
  try {
    await settled(tcp, "connect");
  } catch (error) {
    tcp.destroy();
    throw unanswered(url, reasonOf(error));
  }
  // Nothing is sent here but the greeting; whoever is there is judged by what comes of it.
  const tls = connectTls({ socket: tcp, rejectUnauthorized: false, ...(isIP(host) === 0 ? { servername: host } : {}) });
  try {
    await settled(tls, "secureConnect");
    const certificate = tls.getPeerX509Certificate();
    return certificate === undefined ? undefined : { pin: pinOfCertificate(certificate), isVouchedFor: tls.authorized };
  } catch {
    return undefined;
  } finally {
    tls.destroy();
  }
}

function settled(socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(WITHIN_MS, () => reject(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })));
    socket.once(event, resolve);
    // Stays: what comes later is of a connection that nobody uses any more.
    socket.on("error", reject);
    socket.once("close", () => reject(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
  });
}

async function requireWorker(target: Answering["target"]): Promise<void> {
  const url = new URL(target.url);
  const answer = await ask(target);
  const said: Said = await answer.json().then(
    (body) => body as Said,
    () => ({}),
  );
  if (answer.ok && said.status === "ok" && typeof said.version === "string") return;
  // A worker that does not answer to this name says how it is told to.
  if (typeof said.message === "string" && typeof said.data?.code === "string") {
    const { code, next } = said.data;
    throw new CliError(code, said.message, { exit: EXIT.unavailable, ...(typeof next === "string" ? { next } : {}) });
  }
  throw unanswered(url, NO_WORKER);
}

interface Said {
  status?: unknown;
  version?: unknown;
  message?: unknown;
  data?: { code?: unknown; next?: unknown };
}

async function ask(target: Answering["target"]): Promise<Response> {
  try {
    const fetch = await agentFetch(target);
    return await fetch(new Request(`${target.url}/health`, { signal: AbortSignal.timeout(WITHIN_MS) }));
  } catch (error) {
    if (error instanceof CliError && error.code !== "agent_unreachable") throw error;
    throw unanswered(new URL(target.url), reasonOf(error instanceof CliError ? error.cause : error));
  }
}

const NO_WORKER = "what answers there is no worker";
const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: "nobody knows this name",
  EAI_AGAIN: "no name server answers",
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "it ended the connection",
  EHOSTUNREACH: "there is no way to it",
  ENETUNREACH: "there is no way to it",
  ETIMEDOUT: `no answer within ${WITHIN_MS / 1_000} seconds`,
};

function reasonOf(error: unknown): string {
  const { code = "", name, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (name === "TimeoutError") return REASONS["ETIMEDOUT"] ?? "";
  // Of the parser of HTTP: it speaks, and something else.
  if (code.startsWith("HPE_")) return NO_WORKER;
  return REASONS[code] ?? (code === "" ? message : code);
}

function unanswered({ host, hostname }: URL, why: string): CliError {
  // What listens beyond itself is of no help where nothing but a port of this machine is asked.
  const isHere = /^(?:localhost|127\..+|\[::1\])$/.test(hostname);
  return new CliError("agent_unreachable", `No worker answers at ${host}: ${why}.`, {
    next: isHere
      ? "Check the port: it is this machine's own agent's (ws agent status), or a tunnel's that must be open."
      : `Check the name, and that 'ws agent run' on ${hostname} listens beyond itself: ws agent run --listen 0.0.0.0 --tls.`,
    exit: EXIT.unavailable,
  });
}
