import type { ByteChannel, WsError } from "@ws/workspace-core";
import type { AcceptConnection, ClientChannel, UNIXConnectionDetails } from "ssh2";
import { byteChannel } from "./channels.ts";
import type { Connection } from "./connect.ts";
import { permissionDenied } from "./file-errors.ts";

/** Listens on a socket file of the container, which sshd makes for its own user alone. `remove` clears the path. */
export async function listenAt(
  connection: Connection,
  path: string,
  accept: (channel: ByteChannel) => void,
  { closedError, remove }: { closedError: () => WsError; remove: () => Promise<void> },
): Promise<AsyncDisposable> {
  const { client } = connection;
  await remove();
  if (connection.isClosed) throw closedError();
  const bound = new Promise<void>((resolve, reject) => {
    client.openssh_forwardInStreamLocal(path, (error) =>
      error === undefined ? resolve() : reject(connection.isClosed ? closedError() : permissionDenied(path, error)),
    );
  });
  if ((await connection.ending.until(bound)) === "ended") throw closedError();
  let disposed = false;
  const onConnection = (details: UNIXConnectionDetails, take: AcceptConnection, reject: () => void): void => {
    if (details.socketPath !== path) return;
    if (disposed) reject();
    else accept(byteChannel(take() as ClientChannel, connection, closedError));
  };
  client.on("unix connection", onConnection);
  return {
    async [Symbol.asyncDispose]() {
      if (disposed) return;
      disposed = true;
      if (!connection.isClosed) {
        const undone = new Promise<void>((resolve) => {
          client.openssh_unforwardInStreamLocal(path, () => resolve());
        });
        await connection.ending.until(undone);
        // sshd leaves the file, at which nobody listens.
        await remove().catch(() => undefined);
      }
      client.off("unix connection", onConnection);
    },
  };
}
