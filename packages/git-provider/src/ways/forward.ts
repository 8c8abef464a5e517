import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type Box, orAborted, repositoryAt, throwIfAborted, type WorkspaceId } from "@ws/workspace-core";
import { type AccessOptions, createAccess } from "../broker/access.ts";
import { channelSocket } from "../broker/channel-socket.ts";
import { createProxy } from "../broker/proxy.ts";
import { parseRoute } from "../broker/protocol/routes.ts";
import { isSame } from "../broker/protocol/same.ts";
import { createSshForges } from "../broker/ssh/upstream.ts";
import { createUpstream } from "../broker/forge/upstream.ts";
import { createLeadLfs } from "../broker/lfs/lead-lfs.ts";
import { forwardOrigin, rewriteInclude, writeInclude } from "./include.ts";

export interface ForwardOptions extends Omit<AccessOptions, "workspace" | "ssh"> {
  /** Ends the opening; what is open then ends with the Box. */
  signal: AbortSignal | undefined;
}

export interface Forward extends AsyncDisposable {
  /** What a request through it has to show. */
  readonly capability: string;
  /** Leads what was granted since, too. */
  showGrants(signal?: AbortSignal): Promise<void>;
  /** The file that leads git to it. */
  readonly include: string;
}

/** At once from one workspace; what is in there must not be able to use up the worker's memory. */
const MAX_CONNECTIONS = 64;

/**
 * Opens the way of https git from inside a workspace to the worker and tells the workspace's git of it. No port is
 * opened on the worker: the connections come as channels of the Box. Ends with the Box.
 */
export async function openForward(box: Box, options: ForwardOptions): Promise<Forward> {
  await using opening = new AsyncDisposableStack();
  const { network, signal } = options;
  const { log } = network;
  const upstream = opening.use(createUpstream(network));
  const ssh = opening.use(createSshForges(network));
  // Guards the port against other users and other web pages of the machine it is on.
  const capability = randomBytes(24).toString("hex");
  let port = 0;
  const proxy = createProxy({
    workspace: box.id,
    read(request) {
      const knowsNone = showsCapability(request, capability);
      const url = knowsNone ? withCapability(request, capability) : (request.url ?? "");
      const route = parseRoute(request.method ?? "", url, capability);
      return knowsNone ? { ...route, knowsNone: true } : route;
    },
    upstream,
    log,
    authorize: createAccess({ ...options, ssh, workspace: box.id }),
    leadLfs: createLeadLfs({ network, root: () => `${forwardOrigin(port)}/${capability}` }),
  });
  // A push of a large pack takes longer than a page's request may.
  const server = createServer({ requestTimeout: 0 }, proxy);
  const sockets = new Set<Duplex>();
  opening.defer(() => {
    for (const socket of sockets) socket.destroy();
  });
  const listening = box.listen((channel) => {
    if (sockets.size >= MAX_CONNECTIONS) return channel.destroy();
    const socket = channelSocket(channel);
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", (error) => log.debug("a git connection broke", { workspace: box.id, error: error.message }));
    server.emit("connection", socket);
  });
  const listener = await orAborted(listening, signal).catch((error: unknown) => {
    listening.then((late) => late[Symbol.asyncDispose]()).catch(() => undefined);
    throw error;
  });
  opening.use(listener);
  ({ port } = listener);
  let led = sshGrants(options, box.id);
  const include = await writeInclude(box, { port, capability, ssh: led }, signal);
  throwIfAborted(signal);
  const opened = opening.move();
  void box.closed.then(() => opened.disposeAsync()).catch(() => undefined);
  return {
    capability,
    include,
    async showGrants(until) {
      // What has ended is led on, so that git's user is told so.
      const now = [...new Set([...led, ...sshGrants(options, box.id)])];
      if (now.length === led.length) return;
      await rewriteInclude(box, { path: include, forward: { port, capability, ssh: now } }, until);
      led = now;
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** The ssh URLs that are led, because the worker has something to show there; all others git goes to by itself. */
function sshGrants({ credentials }: ForwardOptions, workspace: WorkspaceId): string[] {
  const urls = credentials?.list({ workspace }).map(({ url }) => url) ?? [];
  return urls.filter((url) => repositoryAt(url).protocol === "ssh");
}

/** Whether it stands in the place of a password, which is what the workspace's helpers give. */
function showsCapability({ headers }: IncomingMessage, capability: string): boolean {
  const [, encoded = ""] = /^basic +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  const [, password] = /^[^:]*:(.*)$/.exec(Buffer.from(encoded, "base64").toString()) ?? [];
  return password !== undefined && isSame(password, capability);
}

/** The URL with it, of which nothing is left for a forge. */
function withCapability({ url = "", headers }: IncomingMessage, capability: string): string {
  delete headers.authorization;
  return url.startsWith(`/${capability}/`) ? url : `/${capability}${url}`;
}
