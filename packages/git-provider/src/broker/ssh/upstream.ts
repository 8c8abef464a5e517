import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from "node:http";
import type { LookupAddress } from "node:dns";
import { duplexPair, type Duplex } from "node:stream";
import { type GitSecret, WsError } from "@ws/workspace-core";
import { formatAuthority } from "../../hosts.ts";
import type { Network } from "../forge/network.ts";
import { inWords, refuse } from "../forge/refusals.ts";
import { type GitRoute, RouteRefused } from "../protocol/routes.ts";
import type { Upstream } from "../forge/upstream.ts";
import { remoteCommand } from "./command.ts";
import { createSshConnections } from "./connections.ts";
import { sshPlace } from "../protocol/ssh-place.ts";
import { serveOverSsh } from "./serve.ts";

/** Forges that the worker speaks SSH to, in the place of the HTTPS that git's requests are. */
export interface SshForges extends Disposable {
  /** The way to one repository, whatever is asked for by the requests' own paths; `secret` is asked for each of them. */
  to(options: { url: string; secret: (signal: AbortSignal) => Promise<GitSecret> }): Upstream;
}

interface Begun {
  url: string;
  addresses: readonly LookupAddress[];
  secret: (signal: AbortSignal) => Promise<GitSecret>;
  moved: () => void;
}

const TARGET = /\/(?:info\/refs\?service=git-(upload-pack|receive-pack)|git-(upload-pack|receive-pack))$/;

export function createSshForges(network: Network): SshForges {
  const { log } = network;
  const connections = createSshConnections(network);
  const begun = new WeakMap<object, Begun>();
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    request.on("error", () => undefined);
    response.on("error", () => undefined);
    answer(request, response).catch((error: unknown) => {
      log.debug("a forge was not asked by ssh", { reason: inWords(error).message });
      refuse(request, response, error);
      // What git still sends has nobody to go to.
      request.resume();
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = begun.get(request.socket);
    const [, advertised, exchanged] = TARGET.exec(request.url ?? "") ?? [];
    const service = (advertised ?? exchanged) as GitRoute["service"] | undefined;
    const place = asked === undefined ? undefined : sshPlace(asked.url);
    if (asked === undefined || service === undefined || place === undefined)
      throw new RouteRefused(400, "No such way.");
    const { url, addresses, moved } = asked;
    const host = formatAuthority(place.authority);
    const gone = new AbortController();
    const { signal } = gone;
    response.on("close", () => {
      if (!response.writableFinished) gone.abort(new RouteRefused(499, "Git went away."));
    });
    const secret = await asked.secret(signal);
    if (secret.privateKey === undefined) {
      throw new WsError("credential_missing", {
        message: `The credential '${secret.id}' is no SSH key, by which ${host} is reached.`,
        next: "Give the workspace its right anew: 'ws credential grant'.",
        data: { host },
      });
    }
    let cut = (): boolean => false;
    await serveOverSsh(request, response, {
      service,
      kind: advertised === undefined ? "exchange" : "advertise",
      url,
      host,
      moved,
      isCut: () => cut(),
      async start(protocol) {
        const env: Record<string, string> = protocol === undefined ? {} : { GIT_PROTOCOL: protocol };
        const command = remoteCommand(service, place.path);
        const { channel, isCut } = await connections.start({ place, addresses, secret, command, env, signal });
        cut = isCut;
        return channel;
      },
    });
  }

  return {
    to: ({ url, secret }) => ({
      begin({ addresses, method, target, headers }) {
        const [here, there] = connected();
        const { idleMs } = network.timeouts;
        const request = httpRequest({
          method,
          path: target,
          headers: { ...headers, Host: "ssh" },
          createConnection: () => here,
        });
        const silence = setInterval(() => request.emit("timeout"), idleMs).unref();
        request.once("close", () => clearInterval(silence));
        begun.set(there, { url, addresses, secret, moved: () => void silence.refresh() });
        server.emit("connection", there);
        return request;
      },
      [Symbol.dispose]: () => undefined,
    }),
    [Symbol.dispose]: () => connections[Symbol.dispose](),
  };
}

/** Either end going away ends the other, as with a socket. */
function connected(): [Duplex, Duplex] {
  const [here, there] = duplexPair();
  for (const side of [here, there]) side.on("error", () => undefined);
  here.on("close", () => there.destroy());
  there.on("close", () => here.destroy());
  return [here, there];
}
