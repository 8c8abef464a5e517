import { once } from "node:events";
import { chmod } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import type { ByteChannel } from "@ws/workspace-core";
import { boxClosed } from "./box-errors.ts";
import type { Locate } from "./contained-path.ts";
import { fileError, refused } from "./file-errors.ts";
import { channelOver, type Lifetime } from "./loopback.ts";
import { removeTree } from "./remove-tree.ts";

/** Listens on a socket file inside the workspace's own directories until disposed or the Box closes. */
export async function listenAt(
  host: Lifetime,
  locate: Locate,
  path: string,
  accept: (channel: ByteChannel) => void,
): Promise<AsyncDisposable> {
  if (host.closing.aborted) throw boxClosed(host.id);
  await using opening = new AsyncDisposableStack();
  const server = createServer({ allowHalfOpen: true }, (socket: Socket) => accept(channelOver(socket, host)));
  try {
    // Held until the server is closed, which removes the file by the path that goes through it.
    const place = opening.use(await locate(path));
    if (place.isMount) throw refused(path, "It is a directory of the workspace");
    await removeTree(place.at);
    server.listen({ path: place.at });
    await once(server, "listening");
    await chmod(place.at, 0o600);
  } catch (error) {
    server.close();
    const found = fileError(error, path);
    throw found.code === "permission_denied" ? found : refused(path, "No socket can be made there", error);
  }
  const opened = opening.move();
  const close = async (): Promise<void> => {
    host.closing.removeEventListener("abort", onClosing);
    // Its connections are their owners', and it is only closed when they are gone: no more is waited for than the file's end.
    server.close();
    await opened.disposeAsync();
  };
  const onClosing = (): void => void close();
  host.closing.addEventListener("abort", onClosing, { once: true });
  return { [Symbol.asyncDispose]: close };
}
