import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import { type Box, type CredentialSource, type Repository, throwIfAborted } from "@ws/workspace-core";
import { channelSocket } from "../broker/channel-socket.ts";
import type { Network } from "../broker/forge/network.ts";
import { type GitHubAddress, repositoryAt } from "../forges/github/address.ts";
import { createHttpsFetch } from "../forges/github/https-fetch.ts";
import { createApiDoor } from "./door.ts";
import { removeGhRemote, writeGhRemote } from "./gh-remote.ts";
import { makeGhDirectory, newCapability, removeGhSettings, socketFor, writeGhSettings } from "./gh-config.ts";

export interface OpenApiDoorOptions {
  repository: Repository;
  /** The GitHubs that the worker knows. */
  addresses: readonly GitHubAddress[];
  credentials: CredentialSource;
  network: Network;
  signal: AbortSignal | undefined;
}

/** At once from one workspace; what is in there must not be able to use up the worker's memory. */
const MAX_CONNECTIONS = 16;
const IDLE_MS = 60_000;

/**
 * Lets `gh` in a workspace ask for what a pull request of its repository needs, with the worker's credential and without a token of
 * its own. Undefined where the repository is at no GitHub, and where `gh` there has a login of its own. Ends with the Box.
 */
export async function openApiDoor(box: Box, options: OpenApiDoorOptions): Promise<AsyncDisposable | undefined> {
  const { repository, addresses, credentials, network, signal } = options;
  const address = addresses.find((each) => repositoryAt(each, repository.url) !== undefined);
  const place = address === undefined ? undefined : repositoryAt(address, repository.url);
  if (address === undefined || place === undefined) return undefined;
  const path = await socketFor(box, signal);
  if (path === undefined) {
    await removeGhRemote(box, signal);
    return undefined;
  }

  await using opening = new AsyncDisposableStack();
  const capability = newCapability(randomBytes(24).toString("hex"));
  const fetch = createHttpsFetch({ secureContext: network.secureContext, idleMs: IDLE_MS });
  const { log } = network;
  const door = createApiDoor({ workspace: box.id, address, repository: place, capability, credentials, fetch, log });
  const server = createServer(door);
  const sockets = new Set<Duplex>();
  opening.defer(() => {
    for (const socket of sockets) socket.destroy();
  });
  await makeGhDirectory(box, signal);
  opening.use(
    await box.listenAt(path, (channel) => {
      if (sockets.size >= MAX_CONNECTIONS) return channel.destroy();
      const socket = channelSocket(channel);
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      socket.on("error", (error) => log.debug("a gh connection broke", { workspace: box.id, error: error.message }));
      server.emit("connection", socket);
    }),
  );
  throwIfAborted(signal);
  // Before they are written: what is half written is taken back too.
  opening.defer(() => removeGhSettings(box).catch(() => undefined));
  await writeGhSettings(box, { host: new URL(address.site).hostname, capability }, signal);
  opening.defer(() => removeGhRemote(box).catch(() => undefined));
  const directory = box.repositoryDirectory(repository.name);
  await writeGhRemote(box, { host: address.host, ...place, directory }, signal);
  throwIfAborted(signal);
  const opened = opening.move();
  void box.closed.then(() => opened.disposeAsync()).catch(() => undefined);
  return opened;
}
