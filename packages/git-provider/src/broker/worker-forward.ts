import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type AskSecret, repositoryAt, repositoryKey, WsError } from "@ws/workspace-core";
import type { GitSetting, GitWay } from "../worker-git/environment.ts";
import { checkedAddresses } from "./forge/addresses.ts";
import type { Network } from "./forge/network.ts";
import { createProxy } from "./proxy.ts";
import { keyOfRoute, parseRoute, RouteRefused } from "./protocol/routes.ts";
import { sshSpellings } from "./protocol/ssh-place.ts";
import { createUpstream, type Upstream } from "./forge/upstream.ts";

export interface WorkerForwardOptions {
  network: Network;
  /** The one repository that can be read through it, as `Git.parseUrl` gives it. */
  url: string;
  /** What the forge is shown; absent, or giving undefined, where it wants nothing. */
  secret?: AskSecret;
  /** The way there where it is none of https. */
  upstream?: Upstream;
}

/** With it `git fetch -- URL` on the worker, with the repository's real URL, goes this way and no other. */
export interface WorkerForward extends GitWay, AsyncDisposable {}

const READ_ONLY = { access: "read", branches: [], force: false, tags: false, workflows: false } as const;
const HEADER = "Ws-Capability";

/**
 * Opens the way of the worker's own git to one repository, to be read: a port on loopback that shows the forge the
 * credential, which git itself never has. Lasts until disposed. Throws `invalid_clone_url` for an ssh URL with no credential.
 */
export async function openWorkerForward({
  network,
  url,
  secret,
  upstream: way,
}: WorkerForwardOptions): Promise<WorkerForward> {
  const place = repositoryAt(url);
  const key = repositoryKey(place);
  if (place.protocol !== "https" && secret === undefined) {
    throw new WsError("invalid_clone_url", { message: `'${url}' is not led through the worker.`, data: { url } });
  }
  await using opening = new AsyncDisposableStack();
  const upstream = opening.use(createUpstream(network));
  const capability = randomBytes(24).toString("hex");
  const proxy = createProxy({
    // In a header, because git's helpers have their URL among their arguments, which everybody on the machine can read.
    read: ({ method = "", url = "", headers }) =>
      parseRoute(method, `/${String(headers[HEADER.toLowerCase()])}${url}`, capability),
    upstream,
    log: network.log,
    authorize: async (route) => {
      const { authority } = route;
      if (keyOfRoute(route) !== key || route.kind === "lfs" || route.service !== "upload-pack") {
        throw new RouteRefused(403, `Workspace does not lead there: only ${key} is read here.`);
      }
      const addresses = await checkedAddresses(authority.host, { lookup: network.lookup, allowPrivate: true });
      const granted = {
        secret: secret ?? (async () => undefined),
        rules: () => READ_ONLY,
        ...(way && { upstream: way }),
      };
      return { addresses, allowPrivate: true, granted };
    },
  });
  const server = createServer({ requestTimeout: 0 }, proxy);
  opening.defer(() => {
    server.close();
    server.closeAllConnections();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const opened = opening.move();
  return {
    protocol: "http",
    settings: settings((server.address() as AddressInfo).port, { capability, url }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function settings(port: number, { capability, url }: { capability: string; url: string }): readonly GitSetting[] {
  const origin = `http://127.0.0.1:${port}/`;
  return [
    [`url.${origin}.insteadOf`, "https://"],
    [`http.${origin}.extraHeader`, `${HEADER}: ${capability}`],
    ["http.proxy", ""],
    ...sshSpellings(url).map(({ spelled, led }): GitSetting => [`url.${origin}${led}.insteadOf`, spelled]),
  ];
}
