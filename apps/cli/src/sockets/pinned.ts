import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { connect, type ConnectionOptions } from "node:tls";
import { pinOfCertificate } from "@ws/agent/pin";
import { CliError, EXIT } from "../errors.ts";
import type { Target } from "../target.ts";

type Reached = Extract<Target, { kind: "http" }>;

const agents = new WeakMap<Reached, { agent: Agent | undefined }>();

/**
 * What TLS connections to a worker are made with: where its pin is known, any certificate with that key and no other, compared before a
 * byte is sent; else what the machine's authorities have signed. Undefined where nothing is asked but the latter. Throws `pin_mismatch`
 * for an address at which nothing could be compared, `config_invalid` where a file of the client's certificate cannot be read. One target has one, so that its connections are used again.
 */
export function secureAgent(target: Reached): Agent | undefined {
  const known = agents.get(target) ?? { agent: createAgent(target) };
  agents.set(target, known);
  return known.agent;
}

function createAgent({ url, pin = "", clientCert, clientKey }: Reached): Agent | undefined {
  if (!url.startsWith("https:")) {
    if (pin === "") return undefined;
    throw new CliError(
      "pin_mismatch",
      `The worker at ${url} is known by the key of its TLS, and this address has none.`,
      {
        next: `Use ${url.replace("http:", "https:")}.`,
        exit: EXIT.denied,
      },
    );
  }
  if (pin === "" && clientCert === undefined && clientKey === undefined) return undefined;
  const own = { ...file("cert", clientCert), ...file("key", clientKey) };
  const agent = new Agent({ keepAlive: true, ...own });
  if (pin !== "") agent.createConnection = (options, made) => connectPinned(options as ConnectionOptions, made);

  /** It is handed on only once it is known who is there, so that nothing is written before. */
  function connectPinned(options: ConnectionOptions, made: Parameters<Agent["createConnection"]>[1]): undefined {
    const socket = connect({ ...options, rejectUnauthorized: false });
    const fail = (error: Error): void => {
      socket.destroy();
      made?.(error, socket);
    };
    const giveUp = (): void => fail(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" }));
    socket.once("error", fail).once("timeout", giveUp);
    socket.once("secureConnect", () => {
      const certificate = socket.getPeerX509Certificate();
      if (certificate === undefined || pinOfCertificate(certificate) !== pin) return fail(changed(url));
      socket.off("error", fail).off("timeout", giveUp);
      made?.(null, socket);
    });
  }

  return agent;
}

function changed(url: string): CliError {
  return new CliError(
    "pin_mismatch",
    `The worker at ${url} has another key than when this device was paired with it.`,
    {
      next: "If it was set up anew, pair again: 'ws pair' on the worker, then here ws pair HOST CODE. If not, somebody is between you and it: do not go on.",
      exit: EXIT.denied,
    },
  );
}

function file(what: "cert" | "key", path: string | undefined): { cert?: Buffer; key?: Buffer } {
  if (path === undefined) return {};
  try {
    return { [what]: readFileSync(path) };
  } catch (cause) {
    throw new CliError(
      "config_invalid",
      `The ${what === "cert" ? "certificate" : "key"} of this device, ${path}, cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      { next: "Name a PEM file: clientCert and clientKey of the worker in client.json.", cause },
    );
  }
}
